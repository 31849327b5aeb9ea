-- Check, charge and send, one after the other; what is to be known of each stands in the journal in the same step.
-- Of each there are its messages, and what goes into the journal where it is noted.
local known = earlier()
if known then
  return cmsgpack.unpack(known)
end
local replies, place = {}, 2
for _, charge in ipairs(ask.charges) do
  local reply = take(charge)
  local sent = not reply
  if sent then
    reply = {'sent', text(deliver(charge, place))}
  end
  place = place + #charge.mobiles
  local serial = ''
  if charge.noted then
    serial = note(ARGV[place], '', sent)
    place = place + 1
  end
  table.insert(reply, 1, serial)
  replies[#replies + 1] = reply
end
write_used()
write_inbox()
write_numbers()
remember(cmsgpack.pack(replies))
return replies
