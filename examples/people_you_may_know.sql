--
-- People you may know: who is missing from a table of friendships?
--
--     psql -f examples/people_you_may_know.sql a_database
--
-- Its tables are temporary: nothing stays behind.
--
\ir lib/start.sql

-- Five hundred people, of whom the site knows the town, the club and the employer.

CREATE TEMP TABLE people AS
SELECT id,
	(ARRAY['Ada', 'Amir', 'Ben', 'Cleo', 'Dan', 'Ella', 'Finn', 'Gwen', 'Hal', 'Ines', 'Jack', 'Kim', 'Leo', 'Mia',
		'Ned', 'Olga', 'Paul', 'Rosa', 'Sam', 'Tess', 'Uri', 'Vera', 'Will', 'Yara', 'Zoe'])[1 + id % 25] || ' ' ||
	(ARRAY['Abbot', 'Baker', 'Cohen', 'Diaz', 'Evans', 'Fox', 'Gupta', 'Hill', 'Ito', 'Jones', 'Kelly', 'Lopez',
		'Moore', 'Novak', 'Okoye', 'Price', 'Quinn', 'Reed', 'Silva', 'Tran'])[1 + id / 25 % 20] AS name,
	(ARRAY['Bath', 'Cork', 'Derby', 'Exeter', 'Fife', 'Hull'])[1 + floor(6 * pg_temp.chance('town', id::text))] AS town,
	'club ' || floor(40 * pg_temp.chance('club', id::text)) AS club,
	'firm ' || floor(50 * pg_temp.chance('firm', id::text) ^ 1.3) AS employer   -- some firms are larger
FROM generate_series(1, 500) AS id;

-- Who knows whom in life: mostly colleagues and members of one club, and some people know
-- more than others. The site has been told of 40 % of it. The rest is what we look for.

CREATE TEMP TABLE acquainted AS
SELECT a.id AS src, b.id AS dst
FROM people a JOIN people b ON a.id < b.id
WHERE pg_temp.chance('acquainted', a.id::text, b.id::text) <
	exp(2 * (pg_temp.chance('sociable', a.id::text) + pg_temp.chance('sociable', b.id::text) - 1)) *
	CASE WHEN a.club = b.club THEN 0.35 WHEN a.employer = b.employer THEN 0.3
		WHEN a.town = b.town THEN 0.005 ELSE 0.0005 END;

CREATE TEMP TABLE friendships AS
SELECT src, dst FROM acquainted WHERE pg_temp.chance('told', src::text, dst::text) < 0.4;

\echo 'What the site knows of them'
SELECT (SELECT count(*) FROM people) AS people, (SELECT count(*) FROM acquainted) AS acquainted,
	(SELECT count(*) FROM friendships) AS friendships;

-- The recipe of docs/quality.md for the best links. The circles are many and small, so give
-- them some room: 32 dimensions, and latent_scale => 3, which lets the scores differ more than
-- 2 does.

CREATE TEMP TABLE models AS
SELECT 'friends' AS name, vgae_train('friendships', 'SELECT id, town, club, employer FROM people', model => 'gae',
	hidden_dims => '{}', latent_dim => 32, latent_scale => 3, dropout => 0.5, edge_mask => 0.5, epochs => 400,
	patience => 100) AS model;

-- Life goes on after the training: the best suggestion is taken up at once by person 42.

INSERT INTO friendships
SELECT 42, r.node FROM models, vgae_recommend(model, 42, k => 1) r;

-- Five suggestions for each person. vgae_recommend leaves out the friends that the model has
-- seen; NOT EXISTS leaves out those who have become friends since, by the table as it is now.
-- There cannot be more of these than friends, so five and as many as friends are enough.

CREATE TEMP VIEW friends_of AS                          -- each friendship, from both ends
SELECT src AS id, dst AS friend FROM friendships UNION SELECT dst, src FROM friendships;

CREATE TEMP TABLE suggestions AS
SELECT p.id, s.node AS suggested, s.score, s.probability
FROM models m, people p, LATERAL (
	SELECT r.*
	FROM vgae_recommend(m.model, p.id, k => 5 + (SELECT count(*)::int FROM friends_of f WHERE f.id = p.id)) r
	WHERE NOT EXISTS (SELECT FROM friends_of f WHERE (f.id, f.friend) = (p.id, r.node))
	ORDER BY r.score DESC, r.node                       -- the node settles ties
	LIMIT 5) s
WHERE m.name = 'friends';

\o :details
\qecho 'Whom may person 42 know, and why?'
SELECT a.name, b.name AS may_know, round(s.probability::numeric, 2) AS probability,
	concat_ws(', ', CASE WHEN a.town = b.town THEN a.town END, CASE WHEN a.club = b.club THEN a.club END,
		CASE WHEN a.employer = b.employer THEN a.employer END) AS in_common
FROM suggestions s JOIN people a ON a.id = s.id JOIN people b ON b.id = s.suggested
WHERE s.id = 42
ORDER BY s.score DESC, s.suggested;
\o

\echo 'All suggestions'
SELECT count(*) AS suggestions, count(DISTINCT id) AS people,
	count(*) FILTER (WHERE EXISTS (SELECT FROM friends_of f WHERE (f.id, f.friend) = (s.id, suggested))) AS friends_already
FROM suggestions s;

-- Are they right? Compare with what one would do without a model: suggest to each person
-- five others with whom there are the most common friends.

CREATE TEMP TABLE most_common_friends AS
SELECT id, suggested
FROM (SELECT a.id, b.friend AS suggested,
		row_number() OVER (PARTITION BY a.id ORDER BY count(*) DESC, b.friend) AS place
	FROM friends_of a JOIN friends_of b ON b.id = a.friend
	WHERE b.friend <> a.id AND NOT EXISTS (SELECT FROM friends_of f WHERE (f.id, f.friend) = (a.id, b.friend))
	GROUP BY a.id, b.friend) AS counted
WHERE place <= 5;

CREATE TEMP VIEW strangers AS                           -- to the site, that is
SELECT a.id, b.id AS suggested FROM people a JOIN people b ON a.id <> b.id
WHERE NOT EXISTS (SELECT FROM friends_of f WHERE (f.id, f.friend) = (a.id, b.id));

\echo 'Of ten suggestions, how many are of people who do know each other?'
SELECT method, round(10 * avg(EXISTS (
	SELECT FROM acquainted WHERE (src, dst) = (least(id, suggested), greatest(id, suggested)))::int)) AS right_of_10
FROM (SELECT 1, 'model', id, suggested FROM suggestions
	UNION ALL SELECT 2, 'most common friends', id, suggested FROM most_common_friends
	UNION ALL SELECT 3, 'anybody', id, suggested FROM strangers) AS methods (place, method, id, suggested)
GROUP BY place, method ORDER BY place;
