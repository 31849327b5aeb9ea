-- A new balance, and from now on what clear() goes back to.
redis.call('HSET', STATE, ask.role .. '.balance', ask.amount, ask.role .. '.start', ask.amount)
keep()
return 1
