/*
 * People who talk with Kizuki on the tests' Slack and try whatever it shows them: every kind of
 * text, then buttons, choices and forms by chance. What it sent goes to a file for types.js; none of
 * it may be refused, late or lost.
 * usage: node talk.js KIZUKI_BINARY SLACK_BINARY FILE
 */
'use strict';
const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const STEPS = 120;
const QUIET_MS = 60;
const PATIENCE_MS = 20000;
const people = ['hanako', 'taro', 'john'];
const texts = ['こんにちは', '診断', '役割', '役割7', '検索 ログ', 'もっと', 'ヘルプ', 'データの扱い', '用語',
    'English', 'role 7', 'what is phishing', '日本語', '変なメールを開いてしまった', '私の結果'];
let url;
let chance = 20261123; /* the same choices where it says the same */

function pick(list) {
    chance = (Math.imul(chance, 1103515245) + 12345) >>> 0;
    return list[(chance >>> 8) % list.length];
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const see = async (what) => (await fetch(`${url}/control/${what}`)).json();

async function order(name, members = {}) {
    const body = JSON.stringify({ do: name, ...members });
    const answer = await (await fetch(`${url}/control`, { method: 'POST', body })).json();
    assert.equal(answer.error, undefined, `${name} ${JSON.stringify(members)}: ${answer.error}`);
}

/* Until nothing is under way and nothing more comes. */
async function settle() {
    let before = '';
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
        const { under_way: left, requests } = await see('state');
        const now = JSON.stringify(requests);
        if (left === 0 && now === before) return;
        before = now;
        await sleep(QUIET_MS);
    }
    assert.fail('it does not come to rest');
}

function choices(blocks) {
    const found = [];
    for (const block of blocks ?? []) {
        const elements = [...(block.elements ?? []), block.accessory, block.element];
        for (const e of elements) {
            if (!e?.action_id || e.url) continue;
            const one = { block: block.block_id, action: e.action_id };
            if (e.type === 'button') found.push(one);
            for (const o of e.options ?? []) found.push({ ...one, value: o.value });
        }
    }
    return found;
}

async function fill(user, view) {
    const values = {};
    for (const block of view.blocks.filter((b) => b.type === 'input')) {
        const { options, type } = block.element;
        const some = options && pick(options).value;
        values[block.block_id] = some && type.match(/checkboxes|multi/) ? [some] : some ?? pick(texts);
    }
    await order('submit', { user, values });
}

async function step(user) {
    const view = (await see('views')).find((v) => v.on_top && v.user === user);
    if (view?.submit) return fill(user, view);
    if (view) return order('close_view', { user });
    const messages = await see(`messages?channel=@${user}`);
    const live = messages.filter((m) => !m.deleted && choices(m.blocks).length > 0);
    const shown = choices((await see(`home?user=${user}`))?.blocks);
    const way = pick(['say', 'home', 'old', 'new', 'new', 'new', 'new']);
    if (way === 'home' && shown.length > 0) return order('press_home', { user, ...pick(shown) });
    if (way === 'home') return order('open_home', { user });
    if (way === 'say' || live.length === 0) return order('say', { user, text: pick(texts) });
    const message = way === 'old' ? pick(live) : live.at(-1);
    return order('click', { user, ts: message.ts, ...pick(choices(message.blocks)) });
}

async function listening(server) {
    const line = await new Promise((resolve) => server.stdout.once('data', resolve));
    return Number(/listening (\d+)/.exec(line)[1]);
}

function configure(dir) {
    const token = (name, text) => fs.writeFileSync(path.join(dir, name), `${text}\n`, { mode: 0o600 });
    token('app', 'xapp-1-A0KIZUKI1-000000000000-kizuki');
    token('bot', 'xoxb-000000000000-000000000000-kizuki');
    fs.writeFileSync(path.join(dir, 'config'), `database = "${dir}/db"
slack official {
    app_token_file = "${dir}/app"
    bot_token_file = "${dir}/bot"
    api_url = "${url}/api"
    rich_blocks = "yes"
}
`);
}

async function converse() {
    for (const user of people) {
        for (const text of texts) {
            await order('say', { user, text });
            await settle();
        }
        await order('command', { user, text: '/kizuki 役割7' });
        await order('open_home', { user });
    }
    for (let i = 0; i < STEPS; i++) {
        await step(pick(people));
        await settle();
    }
}

async function main() {
    const [kizuki, slack, file] = process.argv.slice(2);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kizuki-talk.'));
    const server = spawn(slack, ['--port', '0', '--manifest', 'bot/slack/manifest.yaml'],
        { stdio: ['ignore', 'pipe', 'inherit'] });
    url = `http://127.0.0.1:${await listening(server)}`;
    configure(dir);
    const bot = spawn(kizuki, ['run', '--config', path.join(dir, 'config')], { stdio: 'inherit' });
    const ended = new Promise((resolve) => bot.on('exit', resolve));
    try {
        for (let i = 0; (await see('state')).hellos === 0; i++) {
            assert.ok(i < 200, 'it does not connect');
            await sleep(50);
        }
        await converse();
        fs.writeFileSync(file, JSON.stringify(await see('sent')));
        const state = await see('state');
        for (const none of ['bad_blocks', 'errors', 'warnings', 'unknown', 'duplicates', 'lost_events',
            'lost_interactive', 'acked_late', 'acked_unknown', 'bad_ack_payloads', 'bad_frames']) {
            assert.equal(state[none], 0, `${none}: ${JSON.stringify(state)}`);
        }
        console.log(`ok      kizuki: ${state.posts_by_bot} messages, ${state.interactive} clicks`);
    } finally {
        bot.kill();
        await ended;
        server.kill();
        fs.rmSync(dir, { recursive: true });
    }
    assert.equal(bot.exitCode, 0, 'it ends well');
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
