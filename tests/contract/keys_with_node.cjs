// Plays one evening with the example module's client against a real engine; one JSON line at the end.
const { randomUUID } = require('node:crypto')
const { Keys } = require(process.argv[2])
const [url, token] = require('node:fs').readFileSync(0, 'utf8').trim().split('\n')

const told = []
let look = () => {}
const keys = new Keys({
  url,
  token,
  lang: 'en',
  newId: randomUUID,
  make: (address, headers) => new WebSocket(address, { headers }),
  on: { keys: () => look(), answer: (answer) => { told.push(answer); look() }, link: (up, why) => told.push({ link: up, why }) },
})

const until = (true_) => new Promise((done) => { look = () => true_() && done(); look() })
const key = (slot) => keys.keys.get(slot) ?? {}
const answered = (id, status) => told.some((one) => one.id === id && one.status === status)
const wait = (ms) => new Promise((done) => setTimeout(done, ms))

async function main() {
  keys.start()
  await until(() => key('1').state === 'ready')
  const finger = keys.down('1')
  await until(() => answered(finger.id, 'done') && key('1').state === 'on_air')
  const late = keys.up(finger) // it was down through the whole countdown: that stops nothing
  const text = key('1').text
  const stop = keys.down('1')
  await wait(key('1').hold_ms + 50)
  const held = keys.up(stop)
  await until(() => answered(held, 'done') && key('1').state === 'empty')
  keys.stop()
  console.log(JSON.stringify({ late, text, links: told.filter((one) => 'link' in one) }))
  process.exit(0)
}

main()
