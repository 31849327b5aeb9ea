-- Check everything and charge everything, or nothing; and give it back.

local minute = ask.minute
local hour, day = math.floor(minute / 60), math.floor(minute / 1440)
local quotas, number = ask.quotas, #ask.mobiles
local rate, cost = quotas.account_per_second, ask.fee * number
local by_ip = 'from ' .. ask.ip

local function read_account()
  local found = redis.call('HMGET', STATE, ask.role .. '.balance', ask.role .. '.used', ask.role .. '.at')
  return {
    balance = tonumber(found[1] or AMPLE),
    used = tonumber(found[2] or 0),
    at = tonumber(found[3] or 0),
  }
end

local function write_account(account)
  local fields = {ask.role .. '.balance', text(account.balance)}
  if rate then
    fields[3], fields[4] = ask.role .. '.used', text(account.used)
    fields[5], fields[6] = ask.role .. '.at', text(account.at)
  end
  redis.call('HSET', STATE, unpack(fields))
end

local function read_used()
  local found = redis.call('HMGET', USED, 'account', by_ip)
  return {account = tonumber(found[1] or 0), ip = tonumber(found[2] or 0)}
end

local function write_used(used)
  redis.call('HSET', USED, 'account', used.account, by_ip, used.ip)
end

local function counts(packed)
  if not packed then
    return {0, 0, 0}
  end
  local at, in_minute, in_hour, in_day = unpack(cmsgpack.unpack(packed))
  return {
    at == minute and in_minute or 0,
    math.floor(at / 60) == hour and in_hour or 0,
    math.floor(at / 1440) == day and in_day or 0,
  }
end

-- The mobiles in the order sent, each once, with how often it is sent to and its counts.
local function read_mobiles()
  local demands, order = {}, {}
  for _, mobile in ipairs(ask.mobiles) do
    if not demands[mobile] then
      demands[mobile] = 0
      order[#order + 1] = mobile
    end
    demands[mobile] = demands[mobile] + 1
  end
  if #order == 0 then
    return {}
  end
  local packed, read = redis.call('HMGET', MOBILES, unpack(order)), {}
  for place, mobile in ipairs(order) do
    read[place] = {mobile = mobile, number = demands[mobile], counts = counts(packed[place])}
  end
  return read
end

local function write_mobiles(mobiles)
  local fields = {}
  for _, one in ipairs(mobiles) do
    local changed = {minute}
    for place, count in ipairs(one.counts) do
      changed[place + 1] = count + one.number
    end
    fields[#fields + 1] = one.mobile
    fields[#fields + 1] = cmsgpack.pack(changed)
  end
  if #fields > 0 then
    redis.call('HSET', MOBILES, unpack(fields))
  end
end

local function over(bucket, key, used, more)
  local limit = quotas[bucket]
  if limit and used + more > limit then
    return {'over', bucket, key, text(used)}
  end
end

local function over_rate(account)
  if not rate then
    return nil
  end
  if ask.now ~= account.at then
    account.used = math.max(0, account.used - math.max(0, ask.now - account.at) * rate)
    account.at = ask.now
  end
  if account.used + number > rate + math.min(0.5, GRAIN * math.max(1, rate)) then
    return {'over', 'account_per_second', '', text(account.used)}
  end
end

local function over_day(used)
  return over('account_per_day', '', used.account, number) or over('ip_per_day', ask.ip, used.ip, number)
end

local function over_mobiles(mobiles)
  for _, one in ipairs(mobiles) do
    local found = over('mobile_per_minute', one.mobile, one.counts[1], one.number)
      or over('mobile_per_hour', one.mobile, one.counts[2], one.number)
      or over('mobile_per_day', one.mobile, one.counts[3], one.number)
    if found then
      return found
    end
  end
end

-- Whether it is, and whether that is for one send.
local function token_in_force()
  local token = own(ask.token)
  local ends, once = redis.call('ZSCORE', TOKENS, token), false
  if not ends then
    ends, once = redis.call('ZSCORE', ONCE, token), true
  end
  return ends and tonumber(ends) > ask.now, once
end

-- Nil when everything is charged, else what refuses.
local function take()
  local in_force, once = true, false
  if ask.token then
    in_force, once = token_in_force()
  end
  if not in_force then
    return {'token'}
  end
  if ask.refused then
    return {'refused'}
  end
  local known = ask.once ~= '' and redis.call('HGET', OUT_IDS, own(ask.once))
  if known then
    return {'duplicate', known}
  end
  local account, used, mobiles = read_account(), read_used(), read_mobiles()
  local refusal = over_rate(account) or over_day(used) or over_mobiles(mobiles)
  if not refusal and account.balance < cost then
    refusal = {'balance', text(account.balance)}
  end
  if refusal then
    if rate then
      write_account(account) -- a bucket drains by being looked at
    end
    return refusal
  end
  account.balance = account.balance - cost
  account.used = account.used + (rate and number or 0)
  write_account(account)
  write_mobiles(mobiles)
  if once then
    redis.call('ZREM', ONCE, own(ask.token))
  end
  used.account, used.ip = used.account + number, used.ip + number
  write_used(used)
  if used.account == number then
    redis.call('SADD', DAYS, ask.day)
  end
  keep(used.account, number)
end

-- In those windows that still run: the day's keys are its own, minutes and hours are looked at.
local function give_back()
  local account = read_account()
  account.balance = account.balance + cost
  if rate then
    local drained = math.max(0, account.at - ask.now) * rate
    account.used = math.max(0, account.used - math.max(0, number - drained))
  end
  write_account(account)
  local used = read_used()
  if used.account > 0 then
    used.account, used.ip = math.max(0, used.account - number), math.max(0, used.ip - number)
    write_used(used)
  end
  for _, one in ipairs(read_mobiles()) do
    local packed = redis.call('HGET', MOBILES, one.mobile)
    if packed then
      local at, in_minute, in_hour, in_day = unpack(cmsgpack.unpack(packed))
      in_minute = at == minute and math.max(0, in_minute - one.number) or in_minute
      in_hour = math.floor(at / 60) == hour and math.max(0, in_hour - one.number) or in_hour
      in_day = math.max(0, in_day - one.number)
      redis.call('HSET', MOBILES, one.mobile, cmsgpack.pack({at, in_minute, in_hour, in_day}))
    end
  end
end
