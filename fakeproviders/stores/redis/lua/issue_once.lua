-- A new token that is good for one send.
redis.call('ZREMRANGEBYSCORE', ONCE, '-inf', text(ask.now))
redis.call('ZADD', ONCE, text(ask.now + ask.lifetime), own(ask.token))
keep(redis.call('ZCARD', ONCE), 1)
