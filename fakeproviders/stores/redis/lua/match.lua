-- A fault rule has met a call: the match's number from 0, and the act counted where that is certain.
-- As faults.counts.Counts: keep the two alike.
local known = earlier()
if known then
  return {tonumber(known)}
end
local limits, per = ask.limits, ask.value and '/' .. ask.value

local function counted(what)
  return tonumber(redis.call('HGET', FAULTS, ask.rule .. what .. (per or '')) or 0)
end

local function count(what)
  redis.call('HINCRBY', FAULTS, ask.rule .. what, 1)
  if per then
    redis.call('HINCRBY', FAULTS, ask.rule .. what .. per, 1)
  end
end

local function fire()
  count('.fired')
  redis.call('PUBLISH', ask.channel, ask.told)
end

local nth, fired = counted('.matched'), counted('.fired')
local over = limits.times and fired >= limits.times
if ask.fires and not over then
  fire()
elseif not ask.fires and not over then
  over = limits.scripted and nth >= limits.after + #limits.acts
  if not over then
    count('.matched')
    keep(redis.call('HLEN', FAULTS), per and 4 or 2)
    local place = nth - limits.after
    if limits.certain and place >= 0 and (place + 1) % limits.every == 0 then
      if limits.acts[limits.scripted and place + 1 or 1] then
        fire()
      end
    end
  end
end
local answer = over and '' or text(nth)
remember(answer)
return {tonumber(answer)}
