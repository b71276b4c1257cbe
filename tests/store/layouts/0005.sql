BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE alert_rules (
	slug VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	muted_until DATETIME, 
	body JSON NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_alert_rules PRIMARY KEY (slug)
);
INSERT INTO "alert_rules" VALUES('r','flip',1,'2026-11-01 12:00:00.000000','{"gpu": "", "goal": "", "condition": "", "region": "", "threshold": null, "margin": 0.02, "needed": 2, "sightings": 3, "cooldown_hours": 24.0, "cap_per_day": 5, "still_days": 0.0, "quiet_from": "", "quiet_to": "", "time_zone": "UTC", "digest": ""}','2026-11-01 12:00:00.000000');
CREATE TABLE alerts (
	"key" VARCHAR NOT NULL, 
	rule VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	body VARCHAR NOT NULL, 
	payload JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY ("key")
);
INSERT INTO "alerts" VALUES('k','r','s','b','{"a": 1, "b": ["\u00fc"]}','2026-11-01 12:00:00.000000');
CREATE TABLE articles (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	gpu VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	condition VARCHAR NOT NULL, 
	market VARCHAR NOT NULL, 
	billing VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	stat VARCHAR NOT NULL, 
	seller VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	sku VARCHAR NOT NULL, 
	quantity INTEGER NOT NULL, 
	syntax VARCHAR NOT NULL, 
	latest_offer_id INTEGER, 
	CONSTRAINT pk_articles PRIMARY KEY (id), 
	CONSTRAINT uq_articles_key UNIQUE ("key")
);
INSERT INTO "articles" VALUES(1,'40fdcb312df9212ad2ad511226257f25','RTX 4090','ASUS RTX 4090 Gaming','shop-a','new','retail','','US','USD','offer','','https://shop.example/1','',1,'',3);
INSERT INTO "articles" VALUES(2,'6e37c2dbfe3995f3e7322ac8e43cbc18','RTX 4090','Ä „x“ 显卡 🚀','shop-a','new','retail','','US','USD','offer','','https://shop.example/1','',1,'',1);
INSERT INTO "articles" VALUES(3,'f5f9def301b096a2baf76c188681983d','RTX 4090','ASUS RTX 4090 Gaming','shop-a','new','retail','','US','USD','list_price','','https://shop.example/1','',1,'',NULL);
INSERT INTO "articles" VALUES(4,'f693aedf7b4c2d9bdfee9cdfb5bf62c2','RTX 4090','ASUS RTX 4090 Gaming','shop-a','new','retail','','US','USD','min_offer','','https://shop.example/1','',1,'',NULL);
CREATE TABLE daily_prices (
	series_id INTEGER NOT NULL, 
	epoch_day INTEGER NOT NULL, 
	price_min BIGINT NOT NULL, 
	price_median BIGINT NOT NULL, 
	n INTEGER NOT NULL, 
	CONSTRAINT pk_daily_prices PRIMARY KEY (series_id, epoch_day), 
	CONSTRAINT fk_daily_prices_series_id FOREIGN KEY(series_id) REFERENCES daily_series (id)
)
 WITHOUT ROWID

;
INSERT INTO "daily_prices" VALUES(1,20758,1599000000,1599000000,1);
INSERT INTO "daily_prices" VALUES(1,20759,1500000000,1549500000,2);
CREATE TABLE daily_series (
	id INTEGER NOT NULL, 
	gpu VARCHAR NOT NULL, 
	condition VARCHAR NOT NULL, 
	market VARCHAR NOT NULL, 
	billing VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	currency VARCHAR NOT NULL, 
	CONSTRAINT pk_daily_series PRIMARY KEY (id), 
	CONSTRAINT uq_daily_series_gpu_condition_market_billing_source_region_currency UNIQUE (gpu, condition, market, billing, source, region, currency)
);
INSERT INTO "daily_series" VALUES(1,'RTX 4090','new','retail','','shop-a','US','USD');
CREATE TABLE deliveries (
	alert_key VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	next_try_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	error VARCHAR NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (alert_key, channel), 
	CONSTRAINT fk_deliveries_alert_key FOREIGN KEY(alert_key) REFERENCES alerts ("key")
);
INSERT INTO "deliveries" VALUES('k','hook','due',0,'2026-11-01 12:00:00.000000',NULL,'');
INSERT INTO "deliveries" VALUES('k','mail','due',0,'2026-11-01 12:00:00.000000',NULL,'');
CREATE TABLE goals (
	slug VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	workload VARCHAR NOT NULL, 
	conditions JSON NOT NULL, 
	region VARCHAR NOT NULL, 
	budget BIGINT, 
	budget_currency VARCHAR NOT NULL, 
	delay_cost_per_week FLOAT NOT NULL, 
	deadline_weeks INTEGER NOT NULL, 
	min_memory_gb FLOAT NOT NULL, 
	cards INTEGER NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_goals PRIMARY KEY (slug)
);
INSERT INTO "goals" VALUES('g','G','w','["new", "used"]','US',NULL,'',0.005,26,0.0,1,'2026-11-01 12:00:00.000000');
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	new INTEGER NOT NULL, 
	known INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	CONSTRAINT pk_imports PRIMARY KEY (id)
);
INSERT INTO "imports" VALUES(1,'a.csv','2026-11-01 12:00:00.000000',0,0,0);
CREATE TABLE leases (
	name VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);
INSERT INTO "leases" VALUES('scheduler','me','2026-11-02 12:00:00.000000');
CREATE TABLE measurements (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	gpu VARCHAR, 
	device_name VARCHAR NOT NULL, 
	device_kind VARCHAR NOT NULL, 
	op VARCHAR NOT NULL, 
	precision VARCHAR NOT NULL, 
	value FLOAT NOT NULL, 
	unit VARCHAR NOT NULL, 
	rel_mad FLOAT NOT NULL, 
	n INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	conditions JSON NOT NULL, 
	origin VARCHAR NOT NULL, 
	measured_at DATETIME NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	CONSTRAINT pk_measurements PRIMARY KEY (id), 
	CONSTRAINT uq_measurements_key UNIQUE ("key")
);
INSERT INTO "measurements" VALUES(1,'08ebfb7149e2ea839b2ff4485a32c3e1',NULL,'X','gpu','gemm','fp16',1.5,'TFLOP/s',0.01,9,'ok','{"power": 300}','local','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000');
CREATE TABLE news_events (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	event_key VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	event VARCHAR NOT NULL, 
	gpus JSON NOT NULL, 
	expected_date VARCHAR NOT NULL, 
	effect VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	published_at DATETIME NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	CONSTRAINT pk_news_events PRIMARY KEY (id), 
	CONSTRAINT uq_news_events_key UNIQUE ("key")
);
INSERT INTO "news_events" VALUES(1,'83573d23abcd53e69fa7e3b03b4ea53c','e','t','launch','["RTX 5090"]','2026-Q1','wait','f','https://x.example','en','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000');
CREATE TABLE observations (
	article_id INTEGER NOT NULL, 
	epoch_day INTEGER NOT NULL, 
	price BIGINT NOT NULL, 
	n_obs INTEGER, 
	import_id INTEGER, 
	CONSTRAINT pk_observations PRIMARY KEY (article_id, epoch_day, price), 
	CONSTRAINT fk_observations_article_id FOREIGN KEY(article_id) REFERENCES articles (id), 
	CONSTRAINT fk_observations_import_id FOREIGN KEY(import_id) REFERENCES imports (id)
)
 WITHOUT ROWID

;
INSERT INTO "observations" VALUES(3,20758,1599000000,NULL,1);
INSERT INTO "observations" VALUES(4,20758,1599000000,3,1);
CREATE TABLE offers (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	price BIGINT NOT NULL, 
	availability VARCHAR NOT NULL, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	sightings INTEGER NOT NULL, 
	quarantine VARCHAR NOT NULL, 
	decided_at DATETIME, 
	snippet VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	CONSTRAINT pk_offers PRIMARY KEY (id), 
	CONSTRAINT fk_offers_article_id FOREIGN KEY(article_id) REFERENCES articles (id)
);
INSERT INTO "offers" VALUES(1,2,1599000000,'unknown','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000',1,'',NULL,'','');
INSERT INTO "offers" VALUES(2,1,1000000,'unknown','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000',1,'pending',NULL,'','');
INSERT INTO "offers" VALUES(3,1,1500000000,'unknown','2026-11-02 12:00:00.000000','2026-11-02 12:00:00.000000','2026-11-02 12:00:00.000000',1,'',NULL,'','');
CREATE TABLE record (
	number INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	made_at DATETIME NOT NULL, 
	body VARCHAR NOT NULL, 
	digest VARCHAR NOT NULL, 
	CONSTRAINT pk_record PRIMARY KEY (number)
);
INSERT INTO "record" VALUES(1,'call','RTX 4090','2026-11-01 12:00:00.000000','body','f0194bfecb40da6c1e7a96724f0bcf644f80bf0816036083677e626e49cd156a');
CREATE TABLE rejections (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	first_seen DATETIME NOT NULL, 
	last_seen DATETIME NOT NULL, 
	recorded_at DATETIME NOT NULL, 
	sightings INTEGER NOT NULL, reading VARCHAR, 
	CONSTRAINT pk_rejections PRIMARY KEY (id), 
	CONSTRAINT uq_rejections_key UNIQUE ("key")
);
INSERT INTO "rejections" VALUES(1,'051df7af2514f821d0a7bfac0f5897aa','s','no_match','t','','','','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000','2026-11-01 12:00:00.000000',1,NULL);
CREATE TABLE rule_states (
	rule VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	value VARCHAR, 
	looks JSON NOT NULL, 
	fired JSON NOT NULL, 
	pending JSON NOT NULL, 
	CONSTRAINT pk_rule_states PRIMARY KEY (rule, subject)
);
INSERT INTO "rule_states" VALUES('r','RTX 4090|new|US','','["a", ""]','["2026-11-01T12:00:00+00:00"]','["l"]');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	job VARCHAR NOT NULL, 
	started_at DATETIME NOT NULL, 
	finished_at DATETIME, 
	status VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	counts JSON NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'crawl','2026-11-01 12:00:00.000000',NULL,'running','','{}');
CREATE TABLE scores (
	gpu VARCHAR NOT NULL, 
	workload VARCHAR NOT NULL, 
	condition VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	price BIGINT NOT NULL, 
	currency VARCHAR NOT NULL, 
	throughput FLOAT NOT NULL, 
	unit VARCHAR NOT NULL, 
	per_dollar FLOAT NOT NULL, 
	low FLOAT NOT NULL, 
	high FLOAT NOT NULL, 
	n INTEGER NOT NULL, 
	fits VARCHAR NOT NULL, 
	as_of DATETIME NOT NULL, 
	CONSTRAINT pk_scores PRIMARY KEY (gpu, workload, condition, region)
);
INSERT INTO "scores" VALUES('RTX 4090','w','new','US',1599000000,'USD',1.0,'u',0.1,0.05,0.2,3,'yes','2026-11-01 12:00:00.000000');
CREATE TABLE signal_states (
	gpu VARCHAR NOT NULL, 
	condition VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	goal VARCHAR NOT NULL, 
	as_of DATETIME NOT NULL, 
	action VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_signal_states PRIMARY KEY (gpu, condition, region, goal)
);
INSERT INTO "signal_states" VALUES('RTX 4090','used','US','lora-7b-home','2026-11-01 12:00:00.000000','wait','{"window_low_weeks": 4.0, "window_high_weeks": 9.5, "expected_saving": 0.06, "saving_low": -0.01, "saving_high": 0.12, "confidence": 0.7, "price": ["1599.00", "USD"], "limit_price": ["1450.00", "USD"], "would_change": ["a successor is announced"], "series": ["s", "RTX 4090", "used", "min_offer", "US", "USD"], "data_on": "2026-10-30", "reasons": [["falling", "-4 % in 8 weeks", 0.04], ["msrp", "\u2026", 0.0]]}');
INSERT INTO "signal_states" VALUES('RTX 3090','used','US','lora-7b-home','2026-11-01 12:00:00.000000','wait','{"window_low_weeks": 4.0, "window_high_weeks": 9.5, "expected_saving": 0.06, "saving_low": -0.01, "saving_high": 0.12, "confidence": 0.7, "price": ["1599.00", "USD"], "limit_price": ["1450.00", "USD"], "would_change": ["a successor is announced"], "series": ["s", "RTX 4090", "used", "min_offer", "US", "USD"], "data_on": "2026-10-30", "reasons": [["falling", "-4 % in 8 weeks", 0.04], ["msrp", "\u2026", 0.0]]}');
CREATE TABLE signals (
	id INTEGER NOT NULL, 
	gpu VARCHAR NOT NULL, 
	condition VARCHAR NOT NULL, 
	region VARCHAR NOT NULL, 
	goal VARCHAR NOT NULL, 
	as_of DATETIME NOT NULL, 
	action VARCHAR NOT NULL, 
	body JSON NOT NULL, 
	CONSTRAINT pk_signals PRIMARY KEY (id)
);
INSERT INTO "signals" VALUES(1,'RTX 4090','used','US','lora-7b-home','2026-11-01 12:00:00.000000','wait','{"window_low_weeks": 4.0, "window_high_weeks": 9.5, "expected_saving": 0.06, "saving_low": -0.01, "saving_high": 0.12, "confidence": 0.7, "price": ["1599.00", "USD"], "limit_price": ["1450.00", "USD"], "would_change": ["a successor is announced"], "series": ["s", "RTX 4090", "used", "min_offer", "US", "USD"], "data_on": "2026-10-30", "reasons": [["falling", "-4 % in 8 weeks", 0.04], ["msrp", "\u2026", 0.0]]}');
INSERT INTO "signals" VALUES(2,'RTX 3090','used','US','lora-7b-home','2026-11-01 12:00:00.000000','wait','{"window_low_weeks": 4.0, "window_high_weeks": 9.5, "expected_saving": 0.06, "saving_low": -0.01, "saving_high": 0.12, "confidence": 0.7, "price": ["1599.00", "USD"], "limit_price": ["1450.00", "USD"], "would_change": ["a successor is announced"], "series": ["s", "RTX 4090", "used", "min_offer", "US", "USD"], "data_on": "2026-10-30", "reasons": [["falling", "-4 % in 8 weeks", 0.04], ["msrp", "\u2026", 0.0]]}');
CREATE TABLE source_states (
	source VARCHAR NOT NULL, 
	last_try_at DATETIME NOT NULL, 
	last_good_at DATETIME, 
	offers INTEGER NOT NULL, 
	rejections INTEGER NOT NULL, 
	errors INTEGER NOT NULL, 
	seconds FLOAT NOT NULL, 
	fault VARCHAR NOT NULL, 
	fault_since DATETIME, 
	CONSTRAINT pk_source_states PRIMARY KEY (source)
);
INSERT INTO "source_states" VALUES('s','2026-11-01 12:00:00.000000',NULL,1,1,0,1.5,'gone','2026-11-01 12:00:00.000000');
CREATE TABLE title_corrections (
	title VARCHAR NOT NULL, 
	gpu VARCHAR, 
	corrected_at DATETIME NOT NULL, 
	CONSTRAINT pk_title_corrections PRIMARY KEY (title)
);
INSERT INTO "title_corrections" VALUES('some card',NULL,'2026-11-01 12:00:00.000000');
CREATE TABLE user_settings (
	name VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_user_settings PRIMARY KEY (name)
);
INSERT INTO "user_settings" VALUES('theme','{"a": [1, null, "\u00fc"]}','2026-11-01 12:00:00.000000');
INSERT INTO "user_settings" VALUES('rolled_until_day',20760,'2026-11-03 12:00:00.000000');
CREATE INDEX ix_alerts_created_at ON alerts (created_at);
CREATE INDEX ix_articles_gpu_condition ON articles (gpu, condition);
CREATE INDEX ix_articles_source ON articles (source);
CREATE INDEX ix_daily_series_source ON daily_series (source);
CREATE INDEX ix_measurements_gpu ON measurements (gpu);
CREATE INDEX ix_measurements_recorded_at ON measurements (recorded_at);
CREATE INDEX ix_news_events_event_key ON news_events (event_key);
CREATE INDEX ix_news_events_published_at ON news_events (published_at);
CREATE INDEX ix_news_events_recorded_at ON news_events (recorded_at);
CREATE INDEX ix_rejections_last_seen ON rejections (last_seen);
CREATE INDEX ix_rejections_source_reason ON rejections (source, reason);
CREATE INDEX ix_runs_job_started_at ON runs (job, started_at);
CREATE INDEX ix_signals_as_of ON signals (as_of);
CREATE INDEX ix_signals_gpu_condition_region_goal_as_of ON signals (gpu, condition, region, goal, as_of);
CREATE INDEX ix_daily_prices_epoch_day ON daily_prices (epoch_day);
CREATE INDEX ix_deliveries_state_next_try_at ON deliveries (state, next_try_at);
CREATE INDEX ix_offers_article_id_first_seen ON offers (article_id, first_seen);
CREATE INDEX ix_offers_last_seen ON offers (last_seen);
CREATE INDEX ix_offers_pending ON offers (id) WHERE quarantine = 'pending';
COMMIT;
