-- Stored signing requests are found by the beginning of their name, their common name and the names that they ask for (in lower
-- case), by algorithm, and by whether their key is here.
CREATE TABLE csr_word (
	account @id NOT NULL REFERENCES account (id),
	word @text NOT NULL,
	csr @id NOT NULL REFERENCES csr (id),
	PRIMARY KEY (account, word, csr)
) STRICT;
CREATE INDEX csr_word_csr ON csr_word (csr);
CREATE INDEX csr_alg ON csr (account, alg, id);
CREATE INDEX csr_key_here ON csr (account, id) WHERE key_id IS NOT NULL;
CREATE INDEX csr_key_elsewhere ON csr (account, id) WHERE key_id IS NULL;

INSERT INTO csr_word (account, word, csr) SELECT account, lower(name), id FROM csr WHERE name <> '';
INSERT INTO csr_word (account, word, csr) SELECT account, lower(cn), id FROM csr WHERE cn <> '' ON CONFLICT DO NOTHING;
-- the names stand in one text, with blanks between them: letter by letter, as both databases can
INSERT INTO csr_word (account, word, csr)
WITH RECURSIVE step (csr, account, word, rest, ended) AS (
	SELECT id, account, substr(names, 1, 0), names || ' ', 0 FROM csr
	UNION ALL
	SELECT csr, account,
		CASE WHEN ended = 1 THEN substr(rest, 1, 0) ELSE word END || CASE WHEN substr(rest, 1, 1) = ' ' THEN substr(rest, 1, 0) ELSE substr(rest, 1, 1) END,
		substr(rest, 2), CASE WHEN substr(rest, 1, 1) = ' ' THEN 1 ELSE 0 END
	FROM step WHERE rest <> '')
SELECT account, lower(word), csr FROM step WHERE ended = 1 AND word <> '' ON CONFLICT DO NOTHING;
INSERT INTO csr_word (account, word, csr) SELECT account, substr(word, 3), csr FROM csr_word WHERE word LIKE '*.%' ON CONFLICT DO NOTHING;
