'use strict'
// A module of Bitfocus Companion 3 (@companion-module/base 1.x): one button for each slot, with the engine's own
// text and colour. A short press and a hold are told apart by how long the button was down.

const { randomUUID } = require('node:crypto')
const { InstanceBase, InstanceStatus, combineRgb, runEntrypoint } = require('@companion-module/base')
const WebSocket = require('ws')
const { Keys } = require('./keys.js')

const SLOTS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'next', 'recall', 'halt']
const COLOURS = {
  off: [combineRgb(20, 24, 31), combineRgb(120, 130, 145)],
  ready: [combineRgb(20, 84, 160), combineRgb(255, 255, 255)],
  blocked: [combineRgb(44, 50, 60), combineRgb(150, 158, 170)],
  counting: [combineRgb(150, 96, 0), combineRgb(255, 255, 255)],
  live: [combineRgb(16, 110, 64), combineRgb(255, 255, 255)],
  alarm: [combineRgb(170, 24, 36), combineRgb(255, 255, 255)],
}

class LiveConsole extends InstanceBase {
  async init(config) {
    this.down = new Map()
    this.setActionDefinitions({
      down: { name: 'Key down', options: [slotOption()], callback: ({ options }) => this.pressed(options.slot) },
      up: { name: 'Key up', options: [slotOption()], callback: ({ options }) => this.released(options.slot) },
    })
    this.setFeedbackDefinitions({
      face: { type: 'advanced', name: 'As the engine shows it', options: [slotOption()], callback: ({ options }) => this.face(options.slot) },
    })
    this.setPresetDefinitions(Object.fromEntries(SLOTS.map((slot) => [`key_${slot}`, preset(slot)])))
    await this.configUpdated(config)
  }

  async configUpdated(config) {
    this.keys?.stop()
    this.updateStatus(InstanceStatus.Connecting)
    this.keys = new Keys({
      url: config.url,
      token: config.token,
      lang: config.lang,
      newId: randomUUID,
      make: (url, headers) => new WebSocket(url, { headers }),
      on: {
        keys: () => this.checkFeedbacks('face'),
        answer: (answer) => answer.status !== 'done' && this.log('info', `${answer.status}: ${answer.text}`),
        link: (up, why) => {
          this.updateStatus(up ? InstanceStatus.Ok : InstanceStatus.Disconnected, why)
          this.checkFeedbacks('face')
        },
      },
    })
    this.keys.start()
  }

  async destroy() {
    this.keys?.stop()
  }

  getConfigFields() {
    return [
      { type: 'textinput', id: 'url', label: 'Address (url in engine.json)', width: 6, default: 'http://127.0.0.1:0' },
      { type: 'textinput', id: 'token', label: 'Token (tokens.keys in bus.json)', width: 6 },
      { type: 'dropdown', id: 'lang', label: 'Language', width: 6, default: 'zh', choices: [{ id: 'zh', label: '中文' }, { id: 'en', label: 'English' }] },
    ]
  }

  pressed(slot) {
    this.down.set(slot, this.keys.down(slot))
  }

  released(slot) {
    this.keys.up(this.down.get(slot))
    this.down.delete(slot)
  }

  face(slot) {
    const key = this.keys?.keys.get(slot)
    if (!key) return { text: '—', bgcolor: COLOURS.off[0], color: COLOURS.off[1] } // cut off: nothing is known
    const [bgcolor, color] = COLOURS[key.colour] ?? COLOURS.off
    const lines = [key.title, key.state === 'blocked' ? key.why : key.about, key.text].filter(Boolean)
    return { text: lines.join('\n'), bgcolor, color, size: 'auto' }
  }
}

function slotOption() {
  return { type: 'dropdown', id: 'slot', label: 'Key', default: '1', choices: SLOTS.map((id) => ({ id, label: id })) }
}

function preset(slot) {
  const options = { slot }
  return {
    type: 'button',
    category: 'Keys',
    name: slot,
    style: { text: slot, size: 'auto', color: COLOURS.off[1], bgcolor: COLOURS.off[0] },
    steps: [{ down: [{ actionId: 'down', options }], up: [{ actionId: 'up', options }] }],
    feedbacks: [{ feedbackId: 'face', options }],
  }
}

runEntrypoint(LiveConsole, [])
