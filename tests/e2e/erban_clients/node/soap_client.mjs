// node-soap, unchanged. Reads a JSON list of sends from stdin, prints a JSON text for each.
// {"list": true} is no send: it prints what describe() says.
import { readFileSync } from 'node:fs'
import soap from 'soap'

async function report (send) {
  const options = { forceSoap12Headers: send.version === '2', disableCache: true }
  const client = await soap.createClientAsync(send.wsdl, options)
  if (send.list) return client.describe()
  if (send.moved) client.setEndpoint(send.address)
  const [answer] = await client.SendSms3Async(send.fields)
  return answer.SendSms3Result ?? answer.out
}

function raised (error) {
  if (error instanceof Error) return `${error.name}: ${error.message}`
  // What is no XML it rejects with a plain object, which has no message.
  return `Object, Fault ${error.Fault.faultcode}: ${error.Fault.faultstring}`
}

for (const send of JSON.parse(readFileSync(0, 'utf8'))) {
  const said = await report(send).catch(raised)
  console.log(JSON.stringify(said))
}
