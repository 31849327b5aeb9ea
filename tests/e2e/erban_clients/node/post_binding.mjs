// The HTTP POST binding as an integration calls it: fetch, then xml2js, whatever the status says.
// Reads a JSON list of sends from stdin, prints a JSON text for each.
import { readFileSync } from 'node:fs'
import { parseStringPromise } from 'xml2js'

async function report (send) {
  const body = new URLSearchParams(send.fields)
  const reply = await fetch(send.address, { method: 'POST', body })
  const document = await parseStringPromise(await reply.text())
  return document.string._ // the text stands here because the element has an attribute, its xmlns
}

for (const send of JSON.parse(readFileSync(0, 'utf8'))) {
  const said = await report(send).catch(error => {
    const cause = error.cause ? `; ${error.cause.message}` : ''
    return `${error.name}: ${error.message}${cause}`
  })
  console.log(JSON.stringify(said))
}
