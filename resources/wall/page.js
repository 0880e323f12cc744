'use strict'
// Rooms as the engine of the wall tells them, as text and nothing else. The token comes behind # once, is kept for
// this tab alone and goes nowhere but to this address.

const BEAT_MS = 1000
const STALE_MS = 5000
const WORDS = {
  zh: {
    title: '房间墙', other: 'English', ask: '令牌（在 wall.json 里）', go: '看', wrong: '令牌不对', none: '这里没有房间',
    on_air: '直播中', off_air: '没有开播', gone: '引擎不在', unread: '读不了', lost: '直播中断开', since: '从', untold: '没有来源报订单',
    gmv_gone: '引擎不在', rehearsal: '排练', rehearsing: '排练中', more: (n) => `还有 ${n} 条告警`, calm: '没有告警', paid: (n) => `支付 ${n} 单`,
    sums: (all, air, bad) => `${all} 个房间 · ${air} 个直播中 · ${bad} 个有告警或断开`, left: (n) => ` · 另有 ${n} 个没有问`,
    led: (n) => `任期 ${n}`, by: (n) => (n ? `${n} 个备用引擎` : '没有备用引擎'), lease: (s) => `租约 ${s} 秒`, given: '租约已交出',
    fresh: '在更新', stale: '断开了，下面是旧的',
  },
  en: {
    title: 'Rooms', other: '中文', ask: 'Token (in wall.json)', go: 'Look', wrong: 'A wrong token', none: 'There are no rooms here',
    on_air: 'On air', off_air: 'Off air', gone: 'No engine', unread: 'Cannot be read', lost: 'Lost on air', since: 'since', untold: 'No source reports orders',
    gmv_gone: 'No engine', rehearsal: 'Rehearsal', rehearsing: 'Rehearsing',
    more: (n) => (n === 1 ? '1 more alarm' : `${n} more alarms`), calm: 'No alarms', paid: (n) => (n === 1 ? '1 order paid' : `${n} orders paid`),
    sums: (all, air, bad) => `${all} ${all === 1 ? 'room' : 'rooms'} · ${air} on air · ${bad} with alarms or gone`, left: (n) => ` · ${n} more ${n === 1 ? 'is' : 'are'} not asked`,
    led: (n) => `Epoch ${n}`, by: (n) => (n ? `${n} standing by` : 'Nobody stands by'), lease: (s) => `lease ${s} s`, given: 'handed over',
    fresh: 'Up to date', stale: 'Cut off: what stands below is old',
  },
}

const at = (id) => document.getElementById(id)
let lang = new URLSearchParams(location.search).get('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en')
if (!(lang in WORDS)) lang = 'zh'
let token = location.hash.slice(1) || sessionStorage.getItem('wall') || ''
let heard = 0
let wall = null
let timer = null
history.replaceState(null, '', location.pathname + location.search)

function put(parent, tag, name, text) {
  const made = document.createElement(tag)
  if (name) made.className = name
  made.textContent = text
  made.dir = 'auto'
  parent.append(made)
  return made
}

function money(fen) {
  const sign = fen < 0 ? '−' : ''
  const whole = Math.floor(Math.abs(fen) / 100).toLocaleString('en-US')
  return `${sign}¥${whole}.${String(Math.abs(fen) % 100).padStart(2, '0')}`
}

function moment(text) {
  const then = new Date(text)
  const clock = then.toLocaleTimeString('zh-CN', { hour12: false })
  return then.toDateString() === new Date().toDateString() ? clock : `${then.getMonth() + 1}-${then.getDate()} ${clock}`
}

const away = (room) => room.stands === 'gone' || room.stands === 'unread'
const lost = (room) => room.was_on_air && away(room)
const alarmed = (room) => (room.alarms?.length ?? 0) > 0

// A rehearsal is never said to be on air.
function stood(room, words) {
  if (lost(room)) return words.lost
  return room.simulated && room.stands === 'on_air' ? words.rehearsing : words[room.stands]
}

function show(parent, room) {
  const words = WORDS[lang]
  const card = put(parent, 'article', room.stands, '')
  card.classList.toggle('alarmed', alarmed(room))
  card.classList.toggle('lost', lost(room))
  card.classList.toggle('rehearsal', room.simulated)
  put(card, 'h2', '', room.name)
  const stands = put(card, 'p', 'stands', '')
  put(stands, 'b', '', stood(room, words))
  if (room.since) put(stands, 'span', '', `${words.since} ${moment(room.since)}`)
  const told = room.simulated && room.stands !== 'on_air' ? words.rehearsal : ''
  const title = [told, room.title].filter(Boolean).join(' · ')
  if (title) put(card, 'p', 'title', title)
  put(card, 'p', 'gmv', room.gmv_fen === null ? '—' : money(room.gmv_fen))
  const why = { untold: words.untold, gone: words.gmv_gone }[room.gmv_why]
  put(card, 'p', 'why', room.gmv_fen === null ? why ?? '' : room.paid === null ? '' : words.paid(room.paid))
  const list = put(card, 'ul', '', '')
  for (const alarm of room.alarms ?? []) put(list, 'li', '', lang === 'en' ? alarm.text_en : alarm.text)
  if (room.alarms_more) put(list, 'li', 'more', words.more(room.alarms_more))
  if (room.alarms && !alarmed(room)) put(list, 'li', 'more', words.calm)
  const lead = room.lead
  if (lead) {
    const age = lead.lease_seconds === null ? words.given : words.lease(lead.lease_seconds)
    put(card, 'p', 'foot', [lead.engine || '—', words.led(lead.epoch), words.by(lead.standing_by), age].join(' · '))
  }
  put(card, 'p', 'foot', [room.version, room.url.replace(/^http:\/\//, '')].filter(Boolean).join(' · '))
}

function paint() {
  const words = WORDS[lang]
  document.documentElement.lang = lang
  document.title = at('title').textContent = words.title
  at('lang').textContent = words.other
  at('ask').textContent = words.ask
  at('go').textContent = words.go
  at('door').hidden = Boolean(token)
  const stale = Boolean(wall) && Date.now() - heard > STALE_MS
  at('link').textContent = wall ? (stale ? words.stale : words.fresh) : ''
  at('link').classList.toggle('lost', stale)
  const rooms = at('rooms')
  rooms.classList.toggle('stale', stale)
  const whole = document.createDocumentFragment()
  for (const room of wall?.rooms ?? []) show(whole, room)
  if (wall && wall.rooms.length === 0) put(whole, 'p', 'why', words.none)
  rooms.replaceChildren(whole)
  const all = wall?.rooms ?? []
  const air = all.filter((room) => room.stands === 'on_air' && !room.simulated).length
  const bad = all.filter((room) => alarmed(room) || lost(room)).length
  at('sums').textContent = wall ? words.sums(all.length, air, bad) + (wall.left_out ? words.left(wall.left_out) : '') : ''
}

async function ask() {
  clearTimeout(timer)
  if (!token) return paint()
  try {
    const answer = await fetch('/wall/rooms', {
      headers: { Authorization: `Bearer ${token}` }, cache: 'no-store', signal: AbortSignal.timeout(4000),
    })
    if (answer.status === 401) {
      token = ''
      wall = null
      sessionStorage.removeItem('wall')
      at('no').textContent = WORDS[lang].wrong
      return paint()
    }
    if (answer.ok) {
      wall = await answer.json()
      heard = Date.now()
      sessionStorage.setItem('wall', token)
      at('no').textContent = ''
    }
  } catch {
    // nobody answers: what is shown turns old, and says so
  }
  paint()
  timer = setTimeout(ask, BEAT_MS)
}

at('door').addEventListener('submit', (event) => {
  event.preventDefault()
  token = at('token').value.trim()
  at('token').value = ''
  ask()
})
at('lang').addEventListener('click', () => {
  lang = lang === 'zh' ? 'en' : 'zh'
  paint()
})
addEventListener('hashchange', () => {
  token = location.hash.slice(1) || token
  history.replaceState(null, '', location.pathname + location.search)
  ask()
})
ask()
