-- What callers call their messages: beside the messages themselves.
local ids = {} -- given by this script

-- What must be new.
local function once_of(charge)
  return charge.once or charge.out_id
end

-- What was sent as this, if anything was; empty where it is only reserved.
local function sent_as(id)
  return id ~= '' and (ids[own(id)] or redis.call('HGET', INBOX, own(id)))
end
