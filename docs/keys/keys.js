'use strict'
// The keys of a LiveConsole room over its WebSocket (docs/keys.md). No dependency but a WebSocket that can send
// a header: the `ws` package (Companion has it), or the one that Node 22 brings along.

const SILENT_MS = 12000 // the engine says something every 5 s; who hears nothing for longer is cut off
const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 10000

class Keys {
  // on: { keys(frame), answer(answer), link(up, why) }; make(url, headers) → a WebSocket
  constructor({ url, token, lang = 'zh', make, on, newId }) {
    this.address = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/v1/keys?lang=${lang}`
    this.headers = { Authorization: `Bearer ${token}` }
    this.make = make
    this.on = on
    this.newId = newId
    this.keys = new Map()
    this.wait = FIRST_WAIT_MS
    this.over = false
  }

  start() {
    const socket = (this.socket = this.make(this.address, this.headers))
    socket.onmessage = (event) => this.heard(String(event.data))
    socket.onerror = () => {} // what follows is a close
    socket.onclose = (event) => this.lost(event.reason || `closed (${event.code})`)
    this.listen()
  }

  stop() {
    this.over = true
    clearTimeout(this.silence)
    clearTimeout(this.again)
    this.socket?.close()
  }

  listen() {
    clearTimeout(this.silence)
    const socket = this.socket
    this.silence = setTimeout(() => {
      this.lost('nothing heard')
      socket.close()
    }, SILENT_MS)
  }

  lost(why) {
    clearTimeout(this.silence)
    if (this.over || this.again) return
    this.keys.clear() // what is not known is not shown
    this.socket.onmessage = this.socket.onclose = null
    this.on.link(false, why)
    this.again = setTimeout(() => {
      this.again = null
      this.start()
    }, this.wait)
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS)
  }

  heard(text) {
    let told
    try {
      told = JSON.parse(text)
    } catch {
      return
    }
    this.listen()
    if (told.type === 'answer') return this.on.answer(told)
    if (told.type !== 'keys') return // a newer engine says more
    if (this.keys.size === 0) this.on.link(true, '')
    this.wait = FIRST_WAIT_MS
    this.keys = new Map(told.keys.map((key) => [key.slot, key]))
    this.on.keys(told)
  }

  // A finger goes down on a slot: what needs no hold is pressed at once, and what is meant is the key as it is
  // shown now. Returns the finger for `up`, with the id of the press if there was one.
  down(slot) {
    const key = this.keys.get(slot)
    if (!key) return null
    return { key, since: Date.now(), id: key.hold_ms ? null : this.send({ press: slot, shown: key.shown }) }
  }

  // The finger goes up. A key that has become another one meanwhile is not this finger's to hold: the engine
  // is told what was shown when it went down. Returns the id of the hold, or null.
  up(finger) {
    if (!finger || !finger.key.hold_ms) return null
    const ms = Math.min(600000, Date.now() - finger.since)
    return this.send({ hold: finger.key.slot, ms, shown: finger.key.shown })
  }

  // Never sent again by itself: the next frame shows what became of it.
  send(press) {
    if (this.socket.readyState !== 1) return null
    const id = this.newId()
    this.socket.send(JSON.stringify({ id, ...press }))
    return id
  }
}

module.exports = { Keys }
