/*
 * What an app sent, as GET /control/sent of the tests' Slack has it, against Slack's own types:
 * every value becomes a typed constant of TypeScript, and the compiler has the say.
 * usage: node types.js FILE...
 */
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');

const kinds = { blocks: 'KnownBlock[]', view: 'HomeView | ModalView', metadata: 'MessageMetadata' };

/* One that is wrong must be refused, or nothing was checked. */
const checks = [
    '// @ts-expect-error unknown property',
    'const bad0: KnownBlock[] = [{ type: "divider", colour: "red" }];',
    '// @ts-expect-error unknown type',
    'const bad1: KnownBlock[] = [{ type: "separator" }];',
    '// @ts-expect-error nothing to show',
    'const bad2: HomeView | ModalView = { type: "home" };',
    'export const bad = [bad0, bad1, bad2];',
];

function constants(files) {
    const seen = new Set();
    const lines = [];
    for (const sent of files.flatMap((file) => JSON.parse(fs.readFileSync(file, 'utf8')))) {
        for (const [name, type] of Object.entries(kinds)) {
            const text = JSON.stringify(sent[name]);
            if (text === undefined || text === 'null' || seen.has(text)) continue;
            seen.add(text);
            lines.push(`export const v${seen.size}: ${type} = ${text}; // ${sent.method}`);
        }
    }
    return lines;
}

const lines = constants(process.argv.slice(2));
if (lines.length === 0) {
    console.error('nothing to check');
    process.exit(1);
}
const imports = 'import type { HomeView, KnownBlock, MessageMetadata, ModalView } from "@slack/types";';
const source = path.join(__dirname, 'sent.ts');
fs.writeFileSync(source, [imports, ...checks, ...lines, ''].join('\n'));
const project = path.join(__dirname, 'tsconfig.json');
const compilerOptions = {
    noEmit: true, strict: true, skipLibCheck: true, module: 'node16', types: [],
};
fs.writeFileSync(project, JSON.stringify({ compilerOptions, files: ['sent.ts'] }));
try {
    execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', project],
        { stdio: 'inherit' });
} catch {
    process.exit(1);
}
console.log(`ok      types: ${lines.length} different values`);
