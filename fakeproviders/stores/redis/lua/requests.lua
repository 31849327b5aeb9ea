-- A request that comes too late does nothing, and one that comes again gets what it got before.

if ask.deadline then
  local time = redis.call('TIME')
  if time[1] + time[2] / 1e6 >= ask.deadline then
    return {'late'}
  end
end

local slot = ask.request % SLOTS

local function earlier()
  local kept = redis.call('HGET', REQUESTS, slot)
  local request, result = string.match(kept or '', '^(%d+) (.*)$')
  if tonumber(request) == ask.request then
    return result
  end
end

local function remember(result)
  if redis.call('HSET', REQUESTS, slot, string.format('%d ', ask.request) .. result) == 1 then
    redis.call('EXPIRE', REQUESTS, IDLE)
  end
end
