-- Check and charge; sent is nothing yet.
local charge = ask.charges[1]
if redis.call('HEXISTS', RESERVED, ask.reservation) == 1 then
  return {'reserved'}
end
local refusal = take(charge)
if not refusal then
  if charge.out_id ~= '' then
    redis.call('HSET', INBOX, own(charge.out_id), '')
  end
  redis.call('HSET', RESERVED, ask.reservation, ARGV[2])
  may_be_new = may_be_new or redis.call('HLEN', INBOX) == 1 or redis.call('HLEN', RESERVED) == 1
end
write_used()
write_numbers()
return refusal or {'reserved'}
