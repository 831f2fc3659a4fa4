-- How many subscriptions a hybrid was made of; 0: it was bought as it is.
ALTER TABLE subscription ADD COLUMN n_merged @int NOT NULL DEFAULT 0;
