-- A turn is over, unless it ended by itself and is another's by now.
local TURN = unpack(KEYS)
if redis.call('GET', TURN) == cmsgpack.unpack(ARGV[1]).token then
  redis.call('DEL', TURN)
end
return {'left'}
