-- Give back what was reserved.
local charge = ask.charges[1]
if redis.call('HDEL', RESERVED, ask.reservation) == 0 then
  return {'void'}
end
if sent_as(charge.out_id) == '' then
  redis.call('HDEL', INBOX, own(charge.out_id))
end
give_back(charge)
write_used()
write_numbers()
return {'released'}
