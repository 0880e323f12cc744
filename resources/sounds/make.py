"""Makes the four sounds beside it from sine waves, our own work: ``python resources/sounds/make.py``."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 16_000
SOUNDS: dict[str, list[tuple[float, float, float]]] = {
    # (pitch in Hz, seconds, loudness); 0 Hz is silence
    "alert": [(880, 0.11, 0.5), (0, 0.04, 0), (880, 0.11, 0.5), (0, 0.04, 0), (1175, 0.16, 0.5)],
    "note": [(659, 0.09, 0.35), (523, 0.16, 0.35)],
    "chime": [(988, 0.08, 0.3), (1319, 0.18, 0.3)],
    "done": [(523, 0.08, 0.3), (659, 0.08, 0.3), (784, 0.16, 0.3)],
}


def samples(pitch: float, seconds: float, loudness: float) -> list[float]:
    """A tone that begins and ends at zero, so that nothing clicks; one overtone makes it carry."""
    count = int(RATE * seconds)
    made = []
    for n in range(count):
        edge = min(1.0, n / (RATE * 0.006), (count - n) / (RATE * 0.03))
        wave_ = math.sin(math.tau * pitch * n / RATE) + 0.25 * math.sin(math.tau * 2 * pitch * n / RATE)
        made.append(loudness * edge * wave_ / 1.25)
    return made


def main() -> None:
    """Write the files; the same bytes every time."""
    for name, tones in SOUNDS.items():
        flat = [sample for tone in tones for sample in samples(*tone)]
        with wave.open(str(Path(__file__).with_name(f"{name}.wav")), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(b"".join(struct.pack("<h", round(sample * 32_000)) for sample in flat))


if __name__ == "__main__":
    main()
