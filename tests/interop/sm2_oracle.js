// SPDX-License-Identifier: Apache-2.0
// SM2 held against an implementation that shares no code with ours (npm sm-crypto): signatures with the default
// signer ID, signing requests, and SM2EnvelopedKey, each made on one side and read on the other.
// usage: node sm2_oracle.js CRYPTO_TOOL
'use strict';
const assert = require('node:assert');
const { spawnSync } = require('node:child_process');
const { sm2, sm4 } = require('sm-crypto');

const tool = process.argv[2];
const ROUNDS = 12;

// -- our side: hexadecimal in and out, one "name hex" a line

function run(...args) {
	const r = spawnSync(tool, args, { encoding: 'utf8' });
	assert.ok(r.status === 0 || r.status === 1, `${tool} ${args[0]}: ${r.status} ${r.stderr}`);
	const out = { ok: r.status === 0, refusal: r.stderr.split(':')[0] };
	for (const line of r.stdout.split('\n').filter(Boolean)) {
		const at = line.indexOf(' ');
		out[line.slice(0, at)] = line.slice(at + 1);
	}
	return out;
}

// -- as much DER as is needed

function len(n) {
	if (n < 128) return n.toString(16).padStart(2, '0');
	const h = n.toString(16);
	const even = h.length % 2 ? '0' + h : h;
	return (0x80 + even.length / 2).toString(16) + even;
}
const tlv = (tag, ...parts) => tag + len(parts.join('').length / 2) + parts.join('');
const seq = (...parts) => tlv('30', ...parts);
const bits = (hex) => tlv('03', '00', hex);
const integer = (hex) => {
	const h = hex.replace(/^(00)+(?=..)/, '');
	return tlv('02', parseInt(h.slice(0, 2), 16) >= 0x80 ? '00' + h : h);
};

// [tag, content, rest]
function cut(hex) {
	let n = parseInt(hex.slice(2, 4), 16);
	let at = 4;
	if (n & 0x80) {
		at += (n & 0x7f) * 2;
		n = parseInt(hex.slice(4, at), 16);
	}
	return [hex.slice(0, 2), hex.slice(at, at + 2 * n), hex.slice(at + 2 * n)];
}
function list(hex) {
	const out = [];
	while (hex) {
		const [tag, body, rest] = cut(hex);
		out.push({ tag, body });
		hex = rest;
	}
	return out;
}

const OID_EC = '06072a8648ce3d0201';
const OID_SM2 = '06082a811ccf5501822d';
const SM2_WITH_SM3 = '300a06082a811ccf55018375';
const SM4_ECB = seq('06082a811ccf55016801', '0500');
const spkiOf = (point) => seq(seq(OID_EC, OID_SM2), bits(point));
const pkcs8Of = (d, point) => seq('020100', seq(OID_EC, OID_SM2),
	tlv('04', seq('020101', tlv('04', d), tlv('a1', bits(point)))));
const pointOf = (spki) => spki.slice(-130);
const dOf = (pkcs8) => pkcs8.match(/0201010420([0-9a-f]{64})a144/)[1];
const pad = (hex) => hex.padStart(64, '0');
const bytes = (hex) => Buffer.from(hex, 'hex');

function keypair() {
	const k = sm2.generateKeyPairHex();
	return { d: pad(k.privateKey), point: k.publicKey };
}

const tests = {
	'what we sign verifies there with the default signer ID, and with no other'() {
		for (let i = 0; i < ROUNDS; i++) {
			const k = run('generate', 'SM2');
			const point = pointOf(k.spki);
			const verify = (userId, tbs = k.tbs) => sm2.doVerifySignature(bytes(tbs), k.sig, point, { der: true, hash: true, userId });
			assert.ok(verify('1234567812345678'));
			assert.ok(verify(undefined));
			assert.ok(!verify(''));
			assert.ok(!verify('1234567812345679'));
			assert.ok(!verify('1234567812345678', k.tbs + '00'));
			assert.strictEqual(sm2.getPublicKeyFromPrivateKey(dOf(k.pkcs8)), point);
		}
	},
	'what is signed there verifies here with the default signer ID alone'() {
		for (let i = 0; i < ROUNDS; i++) {
			const k = keypair();
			const tbs = seq('0c03', i.toString(16).padStart(6, '0'));
			const sign = (userId) => sm2.doSignature(bytes(tbs), k.d, { der: true, hash: true, publicKey: k.point, userId });
			assert.ok(run('verify', spkiOf(k.point), tbs, sign(undefined)).ok);
			assert.ok(run('verify', spkiOf(k.point), tbs, sign('1234567812345678')).ok);
			assert.strictEqual(run('verify', spkiOf(k.point), tbs, sign('')).refusal, 'SIGNATURE_BAD');
			assert.strictEqual(run('verify', spkiOf(keypair().point), tbs, sign(undefined)).refusal, 'SIGNATURE_BAD');
		}
	},
	'a signing request made there is read here, also with NULL parameters'() {
		const k = keypair();
		const name = Buffer.from('sm2.example.com').toString('hex');
		const tbs = seq('020100', seq(tlv('31', seq('0603550403', tlv('0c', name)))), spkiOf(k.point), 'a000');
		const sig = sm2.doSignature(bytes(tbs), k.d, { der: true, hash: true, publicKey: k.point });
		for (const alg of [SM2_WITH_SM3, '300c06082a811ccf550183750500']) {
			const r = run('csr', seq(tbs, alg, bits(sig)));
			assert.ok(r.ok);
			assert.strictEqual(r.alg, 'SM2');
			assert.strictEqual(r.cn, 'sm2.example.com');
		}
		const noId = sm2.doSignature(bytes(tbs), k.d, { der: true, hash: true, publicKey: k.point, userId: '' });
		assert.strictEqual(run('csr', seq(tbs, SM2_WITH_SM3, bits(noId))).refusal, 'CSR_SIGNATURE');
	},
	'an envelope made here opens there'() {
		for (let i = 0; i < ROUNDS; i++) {
			const sign = keypair();
			const enc = keypair();
			const r = run('envelope', pkcs8Of(enc.d, enc.point), spkiOf(sign.point));
			assert.ok(r.ok);
			const [alg, cipher, point, hidden] = list(cut(r.envelope)[1]);
			assert.strictEqual(tlv('30', alg.body), SM4_ECB);
			const [x, y, hash, text] = list(cipher.body);
			const raw = pad(x.body.slice(-64)) + pad(y.body.slice(-64)) + hash.body + text.body;
			const key = sm2.doDecrypt(raw, sign.d, 1, { output: 'array' });
			assert.strictEqual(key.length, 16);
			const d = sm4.decrypt(hidden.body.slice(2), Buffer.from(key).toString('hex'), { padding: 'none', output: 'array' });
			assert.strictEqual(Buffer.from(d).toString('hex'), enc.d);
			assert.strictEqual(point.body, '00' + enc.point);
		}
	},
	'an envelope made there opens here, when private and public key fit'() {
		for (let i = 0; i < ROUNDS; i++) {
			const sign = keypair();
			const enc = keypair();
			const key = Buffer.from(keypair().d.slice(0, 32), 'hex');
			const raw = sm2.doEncrypt([...key], sign.point, 1);
			const cipher = seq(integer(raw.slice(0, 64)), integer(raw.slice(64, 128)),
				tlv('04', raw.slice(128, 192)), tlv('04', raw.slice(192)));
			const hide = (d) => sm4.encrypt([...bytes(d)], key.toString('hex'), { padding: 'none' });
			const open = (d, point) => run('open', pkcs8Of(sign.d, sign.point), seq(SM4_ECB, cipher, bits(point), bits(hide(d))));
			const r = open(enc.d, enc.point);
			assert.ok(r.ok, r.refusal);
			assert.strictEqual(r.pkcs8, pkcs8Of(enc.d, enc.point));
			assert.ok(open('00'.repeat(32) + enc.d, enc.point).ok);
			assert.strictEqual(open(keypair().d, enc.point).refusal, 'KEY_UNREADABLE');
			assert.strictEqual(open('01'.repeat(32) + enc.d, enc.point).refusal, 'KEY_UNREADABLE');
		}
	},
};

let failed = 0;
for (const [name, test] of Object.entries(tests)) {
	try {
		test();
		console.log(`ok: ${name}`);
	} catch (e) {
		failed++;
		console.log(`FAILED: ${name}\n${e.stack}`);
	}
}
process.exit(failed ? 1 : 0);
