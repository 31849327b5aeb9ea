-- Check everything and charge everything, or nothing; and give it back.

local function hour_of(minute)
  return math.floor(minute / 60)
end

-- A mobile's day so far: {minute, in it, in its hour, in the day, minute before, in it, hour before, in it}.
-- Of two processes, one may bring what was sent before a minute's end after the other's first of the next.
local function counts(packed, minute)
  if not packed then
    return {minute, 0, 0, 0}
  end
  local known = cmsgpack.unpack(packed)
  local at, hour = known[1], hour_of(minute)
  if at == minute then
    return known
  end
  local now = {minute, 0, known[3], known[4], at, known[2], known[7] or -1, known[8] or 0}
  if known[5] == minute then
    now[2] = known[6]
  end
  if hour_of(at) ~= hour then
    now[3] = known[7] == hour and known[8] or 0
    now[7], now[8] = hour_of(at), known[3]
  end
  return now
end

-- The mobiles in the order sent, each once, with how often it is sent to.
local function demands(charge)
  local found, order = {}, {}
  for _, mobile in ipairs(charge.mobiles) do
    if not found[mobile] then
      found[mobile] = {mobile = mobile, field = 'to ' .. mobile, number = 0}
      order[#order + 1] = found[mobile]
    end
    found[mobile].number = found[mobile].number + 1
  end
  return order
end

local function over(bucket, key, count, more)
  local limit = ask.quotas[bucket]
  if limit and count + more > limit then
    return {'over', bucket, key, text(count)}
  end
end

-- A bucket drains by being looked at; what comes late finds it as full as it was, and what came since.
local function level(charge, rate)
  local passed = charge.now - numbers[AT]
  if passed < 0 and passed > -LATE then
    return numbers[LEVEL] - passed * rate
  end
  if passed ~= 0 then
    set(LEVEL, math.max(0, numbers[LEVEL] - math.max(0, passed) * rate))
    set(AT, charge.now)
  end
  return numbers[LEVEL]
end

local function over_rate(charge, number)
  local rate = ask.quotas.account_per_second
  if rate and level(charge, rate) + number > rate + math.min(0.5, GRAIN * math.max(1, rate)) then
    return {'over', 'account_per_second', '', text(numbers[LEVEL]), text(numbers[AT])}
  end
end

local function over_day(charge, number)
  return over('account_per_day', '', used_of('account'), number)
    or over('ip_per_day', charge.ip, used_of(from(charge)), number)
end

local function over_mobiles(charge, mobiles)
  for _, one in ipairs(mobiles) do
    one.counts = counts(used[one.field], charge.minute)
    local found = over('mobile_per_minute', one.mobile, one.counts[2], one.number)
      or over('mobile_per_hour', one.mobile, one.counts[3], one.number)
      or over('mobile_per_day', one.mobile, one.counts[4], one.number)
    if found then
      return found
    end
  end
end

-- Whether it is, and whether that is for one send.
local function token_in_force(charge)
  local token = own(charge.token)
  local ends, once = redis.call('ZSCORE', TOKENS, token), false
  if not ends then
    ends, once = redis.call('ZSCORE', ONCE, token), true
  end
  return ends and tonumber(ends) > charge.now, once
end

local function charge_mobiles(mobiles)
  for _, one in ipairs(mobiles) do
    for place = 2, 4 do
      one.counts[place] = one.counts[place] + one.number
    end
    use(one.field, cmsgpack.pack(one.counts))
  end
end

-- Nil when everything is charged, else what refuses.
local function take(charge)
  local in_force, once = true, false
  if charge.token then
    in_force, once = token_in_force(charge)
  end
  if not in_force then
    return {'token'}
  end
  if charge.refused then
    return {'refused'}
  end
  local known = sent_as(once_of(charge))
  if known then
    return {'duplicate', known}
  end
  local number, mobiles = #charge.mobiles, demands(charge)
  local cost = charge.fee * number
  local refusal = over_rate(charge, number) or over_day(charge, number) or over_mobiles(charge, mobiles)
  if not refusal and numbers[BALANCE] < cost then
    refusal = {'balance', text(numbers[BALANCE])}
  end
  if refusal then
    return refusal
  end
  set(BALANCE, numbers[BALANCE] - cost)
  if ask.quotas.account_per_second then
    set(LEVEL, numbers[LEVEL] + number)
  end
  if once then
    redis.call('ZREM', ONCE, own(charge.token))
  end
  use_more('account', number)
  use_more(from(charge), number)
  charge_mobiles(mobiles)
  if used_of('account') == number then
    redis.call('SADD', DAYS, ask.day)
    may_be_new = true
  end
end

-- In those windows that are still known: the day's key is its own, minutes and hours are looked at.
local function give_back_mobile(charge, one)
  if not used[one.field] then
    return
  end
  local known, minute, hour = cmsgpack.unpack(used[one.field]), charge.minute, hour_of(charge.minute)
  local function less(place)
    if place then
      known[place] = math.max(0, known[place] - one.number)
    end
  end
  less(4)
  less(known[1] == minute and 2 or known[5] == minute and 6)
  less(hour_of(known[1]) == hour and 3 or known[7] == hour and 8)
  use(one.field, cmsgpack.pack(known))
end

local function give_back(charge)
  local number, rate = #charge.mobiles, ask.quotas.account_per_second
  set(BALANCE, numbers[BALANCE] + charge.fee * number)
  if rate then
    local drained = math.max(0, numbers[AT] - charge.now) * rate
    set(LEVEL, math.max(0, numbers[LEVEL] - math.max(0, number - drained)))
  end
  if used_of('account') > 0 then
    use_more('account', -number)
    use_more(from(charge), -number)
    for _, one in ipairs(demands(charge)) do
      give_back_mobile(charge, one)
    end
  end
end
