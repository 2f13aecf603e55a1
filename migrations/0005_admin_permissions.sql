-- Admins of before permissions go on as they were: they may do everything.
UPDATE accounts SET permissions = '["users","doctors","finance","audit","appointments","system"]'
WHERE role = 'admin' AND permissions IS NULL;
