import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'

const control = process.env.FAKEPROVIDERS_CONTROL ?? 'http://127.0.0.1:9400'
const headers = { 'Content-Type': 'application/json' }
let session, api

beforeEach(async () => {
  session = await (await fetch(`${control}/api/v1/sessions`, { method: 'POST', headers, body: '{}' })).json()
  api = `${control}/api/v1/sessions/${session.id}`
})
afterEach(() => fetch(api, { method: 'DELETE' }))

async function sendSms(mobile, text) {
  const { url, account, password, channel, signature } = session.erban
  const body = new URLSearchParams({ account, password, channel, mobile, content: signature + text })
  return (await fetch(`${url}/WebService/sms3.aspx`, { method: 'POST', body })).text()
}

test('the code arrives', async () => {
  assert.equal(await sendSms('13800138000', '验证码482915'), '0,短信发送成功')
  const { messages } = await (await fetch(`${api}/messages?mobile=13800138000&wait=10`)).json()
  assert.equal(messages[0].code, '482915')
})

test('a busy provider says so once', async () => {
  const rule = { provider: 'erban', script: 'rate_limited, ok' }
  await fetch(`${api}/faults`, { method: 'POST', headers, body: JSON.stringify(rule) })
  assert.match(await sendSms('13800138000', '验证码1234'), /^-13,/)
  assert.match(await sendSms('13800138000', '验证码1234'), /^0,/)
})
