-- Give back what was reserved.
if redis.call('HDEL', RESERVED, ask.reservation) == 0 then
  return {'void'}
end
if redis.call('HGET', OUT_IDS, own(ask.out_id)) == '' then
  redis.call('HDEL', OUT_IDS, own(ask.out_id))
end
give_back()
return {'released'}
