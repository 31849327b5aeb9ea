-- Check everything and charge everything, or nothing; and give it back.

-- Of a mobile's minute, hour and day, those that still run.
local function counts(packed, minute)
  if not packed then
    return {0, 0, 0}
  end
  local at, in_minute, in_hour, in_day = unpack(cmsgpack.unpack(packed))
  return {
    at == minute and in_minute or 0,
    math.floor(at / 60) == math.floor(minute / 60) and in_hour or 0,
    math.floor(at / 1440) == math.floor(minute / 1440) and in_day or 0,
  }
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

-- A bucket drains by being looked at.
local function over_rate(charge, number)
  local rate = ask.quotas.account_per_second
  if not rate then
    return nil
  end
  if charge.now ~= numbers[AT] then
    set(LEVEL, math.max(0, numbers[LEVEL] - math.max(0, charge.now - numbers[AT]) * rate))
    set(AT, charge.now)
  end
  if numbers[LEVEL] + number > rate + math.min(0.5, GRAIN * math.max(1, rate)) then
    return {'over', 'account_per_second', '', text(numbers[LEVEL])}
  end
end

local function over_day(charge, number)
  return over('account_per_day', '', used_of('account'), number)
    or over('ip_per_day', charge.ip, used_of(from(charge)), number)
end

local function over_mobiles(charge, mobiles)
  for _, one in ipairs(mobiles) do
    one.counts = counts(used[one.field], charge.minute)
    local found = over('mobile_per_minute', one.mobile, one.counts[1], one.number)
      or over('mobile_per_hour', one.mobile, one.counts[2], one.number)
      or over('mobile_per_day', one.mobile, one.counts[3], one.number)
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

local function charge_mobiles(charge, mobiles)
  for _, one in ipairs(mobiles) do
    local in_minute, in_hour, in_day = unpack(one.counts)
    local more = one.number
    use(one.field, cmsgpack.pack({charge.minute, in_minute + more, in_hour + more, in_day + more}))
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
  charge_mobiles(charge, mobiles)
  if used_of('account') == number then
    redis.call('SADD', DAYS, ask.day)
    may_be_new = true
  end
end

-- In those windows that still run: the day's key is its own, minutes and hours are looked at.
local function give_back_mobile(charge, one)
  if used[one.field] then
    local at, in_minute, in_hour, in_day = unpack(cmsgpack.unpack(used[one.field]))
    in_minute = at == charge.minute and math.max(0, in_minute - one.number) or in_minute
    in_hour = math.floor(at / 60) == math.floor(charge.minute / 60) and math.max(0, in_hour - one.number) or in_hour
    use(one.field, cmsgpack.pack({at, in_minute, in_hour, math.max(0, in_day - one.number)}))
  end
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
