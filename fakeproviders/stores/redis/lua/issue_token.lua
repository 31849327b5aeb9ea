-- A new token; the account's others end after a grace at most.
redis.call('ZREMRANGEBYSCORE', TOKENS, '-inf', text(ask.now))
local most, of_account = ask.now + ask.grace, own('')
for _, token in ipairs(redis.call('ZRANGEBYSCORE', TOKENS, '(' .. text(most), '+inf')) do
  if string.sub(token, 1, #of_account) == of_account then
    redis.call('ZADD', TOKENS, text(most), token)
  end
end
redis.call('ZADD', TOKENS, text(ask.now + ask.lifetime), own(ask.token))
keep(redis.call('ZCARD', TOKENS), 1)
