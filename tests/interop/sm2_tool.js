// SPDX-License-Identifier: Apache-2.0
// npm sm-crypto for tests in Python, hexadecimal in and out. Exit 0: yes, 1: no.
// usage: node sm2_tool.js verify POINT MESSAGE SIGNATURE      (DER signature, the default signer ID)
//        node sm2_tool.js point PRIVATE                       prints 04 x y
//        node sm2_tool.js decrypt PRIVATE C1C3C2              prints the plain text
//        node sm2_tool.js sm4 KEY CIPHERTEXT                  prints the plain text (ECB without padding)
'use strict';
const { sm2, sm4 } = require('sm-crypto');

const [, , verb, ...args] = process.argv;
const bytes = (hex) => Buffer.from(hex, 'hex');
const print = (array) => console.log(Buffer.from(array).toString('hex'));

if (verb === 'verify')
	process.exitCode = sm2.doVerifySignature(bytes(args[1]), args[2], args[0],
		{ der: true, hash: true, userId: '1234567812345678' }) ? 0 : 1;
else if (verb === 'point')
	console.log(sm2.getPublicKeyFromPrivateKey(args[0]));
else if (verb === 'decrypt')
	print(sm2.doDecrypt(args[1], args[0], 1, { output: 'array' }));
else if (verb === 'sm4')
	print(sm4.decrypt(args[1], args[0], { padding: 'none', output: 'array' }));
else
	process.exitCode = 2;
