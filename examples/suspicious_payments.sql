--
-- Suspicious payments: which do not fit into who pays whom?
--
--     psql -f examples/suspicious_payments.sql a_database
--
-- Its tables are temporary: nothing stays behind.
--
\ir lib/start.sql

-- Five hundred accounts in eight towns: companies whom everybody pays, shops whom their town
-- pays, and persons, who now and then pay each other.

CREATE TEMP TABLE accounts AS
SELECT id, CASE WHEN id <= 8 THEN 'company' WHEN id <= 88 THEN 'shop' ELSE 'person' END AS kind,
	'town ' || id % 8 AS town
FROM generate_series(1, 500) AS id;

CREATE TEMP TABLE usual AS
SELECT a.id AS payer, b.id AS payee
FROM accounts a JOIN accounts b ON a.id <> b.id
WHERE pg_temp.chance('pays', a.id::text, b.id::text) < CASE
	WHEN b.kind = 'company' THEN 0.3
	WHEN b.kind = 'shop' AND a.town = b.town THEN 0.3
	WHEN b.kind = 'person' AND a.town = b.town THEN 0.04
	WHEN b.kind = 'shop' THEN 0.001                     -- people travel, and have friends elsewhere
	ELSE 0.0001 END;

-- Forty payments from hijacked accounts: between persons of different towns, of no unusual
-- amount. The last ten of them are next week's.

CREATE TEMP TABLE frauds AS
SELECT a.id AS payer, b.id AS payee,
	row_number() OVER (ORDER BY pg_temp.chance('hijacked', a.id::text, b.id::text)) AS n
FROM accounts a JOIN accounts b ON a.town <> b.town
WHERE a.kind = 'person' AND b.kind = 'person'
	AND NOT EXISTS (SELECT FROM usual u WHERE (u.payer, u.payee) = (a.id, b.id))
ORDER BY n LIMIT 40;

-- The others pay once to twelve times. Some of them do so next week for the first time.

CREATE TEMP TABLE all_payments AS
SELECT payer, payee, fraud, next_week,
	round(exp(3 + 3 * pg_temp.chance('amount', payer::text, payee::text, n::text))::numeric, 2) AS amount
FROM (SELECT payer, payee, false AS fraud, pg_temp.chance('new', payer::text, payee::text) < 0.05 AS next_week, n
	FROM usual, generate_series(0, floor(12 * pg_temp.chance('often', payer::text, payee::text) ^ 2)::int) AS n
	UNION ALL
	SELECT payer, payee, true, n > 30, n FROM frauds) AS made;

CREATE TEMP TABLE payments AS SELECT payer, payee, amount, fraud FROM all_payments WHERE NOT next_week;
CREATE TEMP TABLE payments_next_week AS SELECT payer, payee, amount, fraud FROM all_payments WHERE next_week;

\echo 'The payments until now'
SELECT count(*) AS payments, count(DISTINCT (payer, payee)) AS pairs, count(*) FILTER (WHERE fraud) AS frauds
FROM payments;

-- The model is told who has paid whom and, as a weight, how often: habits count more. Payments
-- have a direction. And a model finds an edge likelier for having been trained on it; so hide
-- many edges at a time. The recipe of docs/quality.md for the best links does; here it finds
-- some more frauds with an edge_mask of 0.7 and 32 dimensions.

CREATE TEMP TABLE models AS
SELECT 'payments' AS name, vgae_train('SELECT payer, payee, 1 + ln(count(*)) FROM payments GROUP BY payer, payee',
	directed => true, model => 'gae', hidden_dims => '{}', latent_dim => 32, latent_scale => 2, dropout => 0.5,
	edge_mask => 0.7, epochs => 400, patience => 100) AS model;

-- A list to look through: the two per cent of the pairs that the model finds least likely. It is
-- no verdict. A journey looks odd, too, and so would the first payments of a new account.

CREATE TEMP TABLE suspicious AS
SELECT a.src AS payer, a.dst AS payee, a.score, row_number() OVER (ORDER BY a.score, a.src, a.dst) AS place
FROM models m, vgae_anomalies(m.model, k => (SELECT count(DISTINCT (payer, payee))::int / 50 FROM payments)) a
WHERE m.name = 'payments';

\o :details
\qecho 'The ten oddest'
SELECT place, format('%s %s in %s', a.kind, a.id, a.town) AS payer,
	format('%s %s in %s', b.kind, b.id, b.town) AS payee, p.payments, p.amount, p.fraud
FROM suspicious s JOIN accounts a ON a.id = s.payer JOIN accounts b ON b.id = s.payee, LATERAL (
	SELECT count(*) AS payments, sum(amount) AS amount, bool_or(fraud) AS fraud
	FROM payments WHERE (payer, payee) = (s.payer, s.payee)) AS p
WHERE place <= 10 ORDER BY place;
\o

-- How many of the planted frauds are in that list, and how many in one, as long, of the largest
-- amounts?

CREATE TEMP TABLE found AS
SELECT count(*) FILTER (WHERE fraud) AS frauds,
	count(*) FILTER (WHERE fraud AND (payer, payee) IN (SELECT payer, payee FROM suspicious)) AS by_the_model,
	count(*) FILTER (WHERE fraud AND place <= (SELECT count(*) FROM suspicious)) AS by_amount
FROM (SELECT *, row_number() OVER (ORDER BY amount DESC) AS place FROM payments) AS p;

\o :details
\qecho 'Frauds found'
SELECT * FROM found;
\o

\echo 'Has the model found four in five, and the largest amounts no more than one in five?'
SELECT frauds, by_the_model >= 0.8 * frauds AS found_by_the_model, by_amount <= 0.2 * frauds AS not_by_amount
FROM found;

-- Payments as they come in, between accounts that have not paid each other before: the least
-- likely first, and before all others those of an account that the model does not know, whose
-- score is NULL.

CREATE TEMP TABLE alerts AS
SELECT p.*, score, row_number() OVER (ORDER BY score NULLS FIRST, payer, payee) AS place
FROM models m, (
	SELECT payer, payee, sum(amount) AS amount, fraud FROM payments_next_week GROUP BY payer, payee, fraud) AS p,
	vgae_link_score(m.model, payer, payee) AS score
WHERE m.name = 'payments';

\o :details
\qecho 'The first alerts of next week'
SELECT place, round(score::numeric, 2) AS score, payer, payee, amount, fraud
FROM alerts WHERE place <= 20 ORDER BY place;
\o

\echo 'Are most frauds of next week among its first twenty alerts?'
SELECT count(*) AS pairs, count(*) FILTER (WHERE fraud) AS frauds,
	count(*) FILTER (WHERE fraud AND place <= 20) >= 7 AS among_the_first
FROM alerts;
