/*
 * An app on Slack's own framework against the tests' Slack: whatever it takes and gives must be as
 * that framework expects it.
 * usage: node bolt.js NAME_OF_THE_PACKAGE SLACK_BINARY
 */
'use strict';
const assert = require('node:assert/strict');
const fs = require('node:fs');
const { spawn } = require('node:child_process');
const { App, SocketModeReceiver, LogLevel } = require(process.argv[2]);

const TOKEN = 'xoxb-000000000000-000000000000-kizuki';
const APP_TOKEN = 'xapp-1-A0KIZUKI1-000000000000-kizuki';
const PATIENCE_MS = 20000;
let url;

/* ---- the server's side ---- */

function serve(binary) {
    const child = spawn(binary, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
        child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
        child.stdout.once('data', (line) => {
            url = `http://127.0.0.1:${/listening (\d+)/.exec(line)[1]}`;
            resolve(child);
        });
    });
}

async function order(name, members = {}) {
    const body = JSON.stringify({ do: name, ...members });
    const answer = await (await fetch(`${url}/control`, { method: 'POST', body })).json();
    assert.equal(answer.error, undefined, `${name}: ${answer.error}`);
    return answer;
}

async function see(what) {
    return (await fetch(`${url}/control/${what}`)).json();
}

async function until(what, condition) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > end) {
            console.error(await see('state'));
            assert.fail(`waited in vain: ${what}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

const said = async (text, channel = '@hanako') =>
    (await see(`messages?channel=${channel}`)).find((m) => m.text === text && !m.deleted);
const topView = async () => (await see('views')).find((v) => v.on_top);

/* ---- the app ---- */

const heard = { messages: [], events: [], actions: [], views: [], commands: [] };
const plain = (text) => ({ type: 'plain_text', text });
const option = (text, value) => ({ text: plain(text), value });

const question = [
    { type: 'section', text: { type: 'mrkdwn', text: '*質問* 1' } },
    {
        type: 'actions',
        block_id: 'q1',
        elements: [
            { type: 'button', action_id: 'go', text: plain('押す'), value: 'v1', style: 'primary' },
            {
                type: 'checkboxes',
                action_id: 'ticks',
                options: [option('甲', 'a'), option('乙', 'b'), option('丙', 'c')],
            },
            {
                type: 'static_select',
                action_id: 'menu',
                placeholder: plain('選ぶ'),
                options: [option('一', '1'), option('二', '2')],
            },
            { type: 'button', action_id: 'gone', text: plain('消す'), value: 'v2' },
        ],
    },
];

const modal = {
    type: 'modal',
    callback_id: 'form',
    private_metadata: 'kept',
    notify_on_close: true,
    title: plain('題'),
    submit: plain('送信'),
    close: plain('やめる'),
    blocks: [
        {
            type: 'input',
            block_id: 'why',
            label: plain('理由'),
            element: { type: 'plain_text_input', action_id: 'text', multiline: true },
        },
        {
            type: 'input',
            block_id: 'which',
            optional: true,
            label: plain('どれ'),
            element: {
                type: 'checkboxes',
                action_id: 'boxes',
                options: [option('甲', 'a'), option('乙', 'b')],
            },
        },
    ],
};

const home = (n) => ({
    type: 'home',
    blocks: [
        { type: 'header', text: plain(`${n}回目`) },
        {
            type: 'actions',
            elements: [{ type: 'button', action_id: 'at_home', text: plain('続き'), value: 'h' }],
        },
    ],
});

function build() {
    const clientOptions = { slackApiUrl: `${url}/api/` };
    const receiver = new SocketModeReceiver({
        appToken: APP_TOKEN,
        clientPingTimeout: 1000,
        logLevel: LogLevel.ERROR,
        installerOptions: { clientOptions },
    });
    const app = new App({ token: TOKEN, receiver, clientOptions, logLevel: LogLevel.ERROR });
    app.error(async (error) => {
        console.error(error);
        process.exit(1);
    });
    app.message(async ({ message, say }) => {
        heard.messages.push(message);
        if (message.text === 'ask') await say({ text: 'question', blocks: question });
    });
    for (const name of ['app_mention', 'reaction_added', 'user_change', 'team_join']) {
        app.event(name, async ({ event }) => heard.events.push(event));
    }
    app.event('message', async ({ event }) => event.subtype && heard.events.push(event));
    app.event('app_home_opened', async ({ event, client }) => {
        heard.events.push(event);
        await client.views.publish({ user_id: event.user, view: home(1), hash: event.view?.hash });
    });
    app.action('go', async ({ ack, body, client }) => {
        await ack();
        heard.actions.push(body);
        await client.chat.update({
            channel: body.channel.id,
            ts: body.message.ts,
            text: 'answered',
            blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'done' } }],
        });
    });
    app.action('gone', async ({ ack, body, respond }) => {
        await ack();
        heard.actions.push(body);
        await respond({ text: 'only you' });
        await respond({ text: 'instead', replace_original: true });
    });
    app.action(/ticks|menu|at_home/, async ({ ack, body }) => {
        await ack();
        heard.actions.push(body);
    });
    app.command('/kizuki', async ({ ack, command, client, respond }) => {
        heard.commands.push(command);
        if (command.text === 'modal') {
            await ack();
            await client.views.open({ trigger_id: command.trigger_id, view: modal });
        } else {
            await ack(`you said ${command.text}`);
            await respond({ text: 'to all', response_type: 'in_channel' });
        }
    });
    app.view('form', async ({ ack, body, view }) => {
        heard.views.push(body);
        const text = view.state.values.why.text.value;
        if (text.length < 5) {
            await ack({ response_action: 'errors', errors: { why: '短すぎます' } });
        } else if (text === 'more please') {
            await ack({ response_action: 'update', view: { ...modal, title: plain('次') } });
        } else {
            await ack();
        }
    });
    app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
        await ack();
        heard.views.push(body);
    });
    return app;
}

/* ---- what is tried ---- */

const trials = {
    async 'messages and mentions'() {
        await order('say', { user: 'hanako', text: 'A & B <C>' });
        await until('a message', () => heard.messages.some((m) => m.text === 'A &amp; B &lt;C&gt;'));
        await order('mention', { user: 'taro', channel: 'office', text: 'hey' });
        await until('a mention', () => heard.events.some((e) => e.type === 'app_mention'));
        const { ts } = await order('say', { user: 'hanako', text: 'typo' });
        await order('edit', { user: 'hanako', ts, text: 'right' });
        await until('an edit', () => heard.events.some((e) => e.subtype === 'message_changed'));
        await order('delete', { user: 'hanako', ts });
        await until('a deletion', () => heard.events.some((e) => e.subtype === 'message_deleted'));
        await order('say', { user: 'hanako', text: 'file', file: 'a.txt', content: 'x' });
        await until('a file', () => heard.events.some((e) => e.subtype === 'file_share'));
    },

    async 'buttons, ticks, menus'() {
        await order('say', { user: 'hanako', text: 'ask' });
        await until('the question', () => said('question'));
        for (const label of ['甲', '乙', '丙', '乙']) {
            await order('click', { user: 'hanako', label });
        }
        await order('select', { user: 'hanako', value: '2' });
        await order('press', { user: 'hanako', label: '押す' });
        await until('all clicks', () => heard.actions.length === 6);
        const ticks = heard.actions.filter((a) => a.actions[0].action_id === 'ticks');
        const sets = ticks.map((t) => t.actions[0].selected_options.map((o) => o.value).join(''));
        assert.deepEqual(sets.sort(), ['a', 'ab', 'abc', 'ac']);
        const state = heard.actions.find((a) => a.actions[0].action_id === 'go').state.values.q1;
        assert.equal(state.ticks.selected_options.length, 2);
        assert.equal(state.menu.selected_option.value, '2');
        await until('the update', () => said('answered'));
    },

    async 'response URLs'() {
        await order('say', { user: 'taro', text: 'ask' });
        await until('the question', () => said('question', '@taro'));
        await order('press', { user: 'taro', label: '消す' });
        await until('the replacement', () => said('instead', '@taro'));
        assert.equal((await said('only you', '@taro')).only, 'taro');
    },

    async 'slash commands'() {
        await order('command', { user: 'john', text: '/kizuki a & b' });
        await until('the answer', () => said('you said a &amp; b', '@john'));
        assert.equal((await said('you said a &amp; b', '@john')).only, 'john');
        await until('the late answer', () => said('to all', '@john'));
    },

    async modals() {
        await order('command', { user: 'hanako', text: '/kizuki modal' });
        await until('the modal', topView);
        await order('submit', { user: 'hanako', values: { why: 'no' } });
        const wrong = await until('errors', async () => (await topView())?.errors);
        assert.deepEqual(wrong, { why: '短すぎます' });
        await order('submit', { user: 'hanako', values: { why: 'more please', which: ['b'] } });
        await until('the next page', async () => (await topView())?.title.text === '次');
        await order('submit', { user: 'hanako', values: { why: 'because of it' } });
        await until('the end', async () => !(await topView()));
        const values = heard.views.at(-1).view.state.values;
        assert.equal(values.why.text.value, 'because of it');
        assert.equal(heard.views.at(-1).view.private_metadata, 'kept');
        await order('command', { user: 'hanako', text: '/kizuki modal' });
        await until('the modal', topView);
        await order('close_view', { user: 'hanako' });
        await until('its close', () => heard.views.at(-1).type === 'view_closed');
    },

    async 'home tab'() {
        await order('open_home', { user: 'hanako' });
        await until('a home tab', () => see('home?user=hanako'));
        await order('open_home', { user: 'hanako' });
        await until('again', async () => (await see('state')).home.hanako === 2);
        const opened = heard.events.filter((e) => e.type === 'app_home_opened');
        assert.deepEqual(opened.map((e) => e.view !== undefined), [false, true]);
        await order('press_home', { user: 'hanako', label: '続き' });
        await until('a click', () => heard.actions.some((a) => a.container.type === 'view'));
    },

    async reactions(app) {
        const { ts, channel } = await order('say', { user: 'taro', text: 'look' });
        await order('react', { user: 'taro', ts, emoji: 'one' });
        await until('a reaction', () => heard.events.some((e) => e.reaction === 'one'));
        await app.client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
        const { message } = await app.client.reactions.get({ channel, timestamp: ts });
        assert.deepEqual(message.reactions.map((r) => r.name), ['one', 'eyes']);
    },

    async files(app) {
        const { channel } = await app.client.conversations.open({ users: 'U0HANAKO1' });
        const content = Buffer.from('0123456789\0\r\n--あ');
        const title = '表';
        const sent = await app.client.files.uploadV2({
            channel_id: channel.id, file: content, filename: 'a.bin', title, initial_comment: 'here',
        });
        const { id } = sent.files[0].files[0];
        const message = await until('the message', () => said('here'));
        assert.equal(message.files[0].title, title);
        const { file } = await app.client.files.info({ file: id });
        assert.equal(file.shares.private[channel.id][0].ts, message.ts);
        const headers = { authorization: `Bearer ${TOKEN}` };
        const read = await (await fetch(file.url_private, { headers })).arrayBuffer();
        assert.ok(Buffer.from(read).equals(content));
    },

    async 'people, pages, history'(app) {
        const members = [];
        for await (const page of app.client.paginate('users.list', { limit: 3 })) {
            members.push(...page.members);
        }
        assert.ok(members.length >= 8);
        const john = await app.client.users.info({ user: 'U0JOHN001', include_locale: true });
        assert.equal(john.user.locale, 'en-US');
        const past = await app.client.conversations.history({ channel: 'D0HANAKO1', limit: 2 });
        assert.equal(past.messages.length, 2);
        assert.ok(past.has_more && past.response_metadata.next_cursor);
        const metadata = { event_type: 'k', event_payload: { key: 'k1' } };
        const m = await app.client.chat.postMessage({ channel: 'D0HANAKO1', text: 'm', metadata });
        const again = await app.client.conversations.history({
            channel: 'D0HANAKO1', oldest: m.ts, inclusive: true, include_all_metadata: true,
        });
        assert.deepEqual(again.messages[0].metadata, metadata);
        await order('user_change', { user: 'john', zone: 'Europe/Berlin' });
        await until('the change', () => heard.events.some((e) => e.user?.tz === 'Europe/Berlin'));
        await order('team_join', { name: 'jiro' });
        await until('the newcomer', () => heard.events.some((e) => e.type === 'team_join'));
    },

    async 'errors and limits'(app) {
        const bad = [{ type: 'header', text: plain('x'.repeat(151)) }];
        await assert.rejects(
            app.client.chat.postMessage({ channel: 'D0HANAKO1', text: 't', blocks: bad }),
            (error) => error.data.error === 'invalid_blocks' &&
                error.data.response_metadata.messages[0].includes('json-pointer:/blocks/0/text'));
        await assert.rejects(app.client.views.open({ trigger_id: 'no', view: modal }),
            (error) => error.data.error === 'invalid_trigger_id');
        await order('http_fault', { kind: 'status', path: 'chat.postMessage', status: 429,
            retry_after: 1, body: '{"ok":false,"error":"ratelimited"}' });
        const before = Date.now();
        await app.client.chat.postMessage({ channel: 'D0HANAKO1', text: 'patient' });
        assert.ok(Date.now() - before >= 900);
    },

    async 'connections come and go'() {
        for (const way of ['warning', 'refresh_requested', 'drop']) {
            const { hellos } = await see('state');
            if (way === 'drop') await order('drop_sockets');
            else await order('disconnect', { reason: way });
            await until(`a connection after ${way}`, async () => (await see('state')).hellos > hellos);
            await order('say', { user: 'hanako', text: `after ${way}` });
            await until('a message', () => heard.messages.some((m) => m.text === `after ${way}`));
        }
    },

    async 'nothing was lost'() {
        const state = await until('the last acknowledgement', async () => {
            const now = await see('state');
            return now.under_way === 0 && now;
        });
        for (const none of ['lost_interactive', 'lost_events', 'acked_late', 'acked_unknown',
            'bad_ack_payloads', 'bad_frames', 'unknown']) {
            assert.equal(state[none], 0, `${none}: ${JSON.stringify(state)}`);
        }
    },
};

async function main() {
    const server = await serve(process.argv[3]);
    const app = build();
    await app.start();
    for (const [name, trial] of Object.entries(trials)) {
        await trial(app);
        console.log(`ok      ${process.argv[2]}: ${name}`);
    }
    if (process.env.SENT) fs.writeFileSync(process.env.SENT, JSON.stringify(await see('sent')));
    server.removeAllListeners('exit');
    const ended = new Promise((resolve) => server.on('exit', resolve));
    server.kill();
    assert.equal(await ended, 0, 'the server ends well');
    process.exit(0);
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
