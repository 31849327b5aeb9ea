-- Check, charge and send; what is to be known of that stands in the journal in the same step.
local known = earlier()
if known then
  return cmsgpack.unpack(known)
end
local reply = take()
local sent = not reply
if sent then
  reply = {'sent', text(deliver())}
end
local serial = ask.journal_limit and note(ARGV[#ask.mobiles + 2], '', sent) or ''
table.insert(reply, 1, serial)
if sent or ask.journal_limit then
  remember(cmsgpack.pack(reply))
end
return reply
