-- Check and charge; sent is nothing yet.
if redis.call('HEXISTS', RESERVED, ask.reservation) == 1 then
  return {'reserved'}
end
local refusal = take()
if refusal then
  return refusal
end
if ask.out_id ~= '' then
  redis.call('HSET', OUT_IDS, own(ask.out_id), '')
  keep(redis.call('HLEN', OUT_IDS), 1)
end
redis.call('HSET', RESERVED, ask.reservation, ARGV[2])
keep(redis.call('HLEN', RESERVED), 1)
return {'reserved'}
