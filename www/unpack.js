// Unpacks the program of a release build, which crates/pack has packed: LZMA,
// and then the streams of its instructions, woven together again.
//
// docs/decisions/0007-packing.md says why; crates/pack/src/streams.rs describes
// the streams. The compression is the one of `.lzma` files without an end mark.

const unpack = (() => {
  "use strict";

  /** Half of the range of a probability: nothing is known yet. */
  const EVEN = 1 << 10;
  /** What a range must not fall below. */
  const RANGE_MIN = 1 << 24;
  const LITERAL_STATES = 7;
  const STATES = 12;

  const probabilities = (count) => new Uint16Array(count).fill(EVEN);

  /** The length and the bytes of an `.lzma` file. */
  function decompress(packed) {
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    const literalBits = packed[0] % 9;
    const literalMask = (1 << (Math.floor(packed[0] / 9) % 5)) - 1;
    const placeMask = (1 << Math.floor(packed[0] / 45)) - 1;
    const size = view.getUint32(5, true);
    const out = new Uint8Array(size);

    // The range coder.
    let at = 18;
    let range = 0xffffffff;
    let code = view.getUint32(14);

    function renew() {
      range = (range << 8) >>> 0;
      code = ((code << 8) | packed[at++]) >>> 0;
    }

    function bit(model, index) {
      const probability = model[index];
      const bound = (range >>> 11) * probability;
      let is = 0;
      if (code < bound) {
        range = bound;
        model[index] = probability + ((2048 - probability) >>> 5);
      } else {
        range -= bound;
        code -= bound;
        model[index] = probability - (probability >>> 5);
        is = 1;
      }
      if (range < RANGE_MIN) renew();
      return is;
    }

    function evenBits(count) {
      let value = 0;
      for (; count > 0; count -= 1) {
        range >>>= 1;
        const is = code >= range ? 1 : 0;
        if (is) code -= range;
        value = (value << 1) | is;
        if (range < RANGE_MIN) renew();
      }
      return value;
    }

    /** A number of so many bits, the highest first. */
    function tree(model, start, count) {
      let node = 1;
      for (let i = 0; i < count; i += 1) node = (node << 1) | bit(model, start + node);
      return node - (1 << count);
    }

    /** The same, the lowest bit first. */
    function treeFromBelow(model, start, count) {
      let node = 1;
      let value = 0;
      for (let i = 0; i < count; i += 1) {
        const is = bit(model, start + node);
        node = (node << 1) | is;
        value |= is << i;
      }
      return value;
    }

    const lengths = () => ({ choice: probabilities(2), short: probabilities(128), middle: probabilities(128), long: probabilities(256) });

    function length({ choice, short, middle, long }, place) {
      if (bit(choice, 0) === 0) return 2 + tree(short, place << 3, 3);
      if (bit(choice, 1) === 0) return 10 + tree(middle, place << 3, 3);
      return 18 + tree(long, 0, 8);
    }

    const literals = probabilities(0x300 * (literalMask + 1) * (1 << literalBits));
    const isMatch = probabilities(STATES << 4);
    const isRepeated = probabilities(STATES);
    const isNotLast = probabilities(STATES);
    const isNotSecond = probabilities(STATES);
    const isNotThird = probabilities(STATES);
    const isLong = probabilities(STATES << 4);
    const slots = probabilities(4 << 6);
    const middleDistances = probabilities(128);
    const lowDistances = probabilities(16);
    const newLengths = lengths();
    const repeatedLengths = lengths();

    let position = 0;
    let state = 0;
    /** The last four distances, the newest first. */
    let [last, second, third, fourth] = [1, 1, 1, 1];

    function literal() {
      const before = position > 0 ? out[position - 1] : 0;
      const start = 0x300 * (((position & literalMask) << literalBits) + (before >>> (8 - literalBits)));
      let node = 1;
      if (state >= LITERAL_STATES) {
        // The byte that would have come instead tells something.
        let instead = out[position - last];
        while (node < 0x100) {
          const expected = (instead >>> 7) & 1;
          instead <<= 1;
          const is = bit(literals, start + ((1 + expected) << 8) + node);
          node = (node << 1) | is;
          if (is !== expected) break;
        }
      }
      while (node < 0x100) node = (node << 1) | bit(literals, start + node);
      out[position++] = node & 0xff;
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
    }

    function distance(count) {
      const slot = tree(slots, Math.min(count - 2, 3) << 6, 6);
      if (slot < 4) return slot + 1;
      const bits = (slot >> 1) - 1;
      const base = (2 | (slot & 1)) << bits;
      if (slot < 14) return base + treeFromBelow(middleDistances, base - slot, bits) + 1;
      return base + (evenBits(bits - 4) << 4) + treeFromBelow(lowDistances, 0, 4) + 1;
    }

    /** Chooses one of the last distances; returns whether a single byte is meant. */
    function repeat(place) {
      if (bit(isNotLast, state) === 0) return bit(isLong, (state << 4) + place) === 0;
      let chosen = second;
      if (bit(isNotSecond, state) === 1) {
        chosen = third;
        if (bit(isNotThird, state) === 1) {
          chosen = fourth;
          fourth = third;
        }
        third = second;
      }
      second = last;
      last = chosen;
      return false;
    }

    while (position < size) {
      const place = position & placeMask;
      if (bit(isMatch, (state << 4) + place) === 0) {
        literal();
        continue;
      }
      let count = 1;
      if (bit(isRepeated, state) === 0) {
        [second, third, fourth] = [last, second, third];
        count = length(newLengths, place);
        state = state < LITERAL_STATES ? 7 : 10;
        last = distance(count);
      } else if (repeat(place)) {
        state = state < LITERAL_STATES ? 9 : 11;
      } else {
        count = length(repeatedLengths, place);
        state = state < LITERAL_STATES ? 8 : 11;
      }
      if (last > position || position + count > size) throw new Error("the program's file is broken");
      for (const end = position + count; position < end; position += 1) out[position] = out[position - last];
    }
    // A file that was cut short ends before its contents do.
    if (at !== packed.length) throw new Error("the program's file is broken");
    return out;
  }

  // Streams by number, as in crates/pack/src/streams.rs.
  const [REST, CODES, GETS, SETS, OFFSETS, NUMBERS, WIDE_NUMBERS, VARIABLES, BRANCHES, LONG_NUMBERS, STREAMS] = Array(11).keys();
  const HEAD = 8;
  const CODE_SECTION = 10;

  /** The streams of the integers that follow an instruction. */
  const OPERANDS = new Array(256).fill([]);
  const operands = (from, to, ...streams) => OPERANDS.fill(streams, from, to + 1);
  operands(0x02, 0x04, CODES);
  operands(0x0c, 0x0d, BRANCHES);
  operands(0x10, 0x10, CODES);
  operands(0x11, 0x11, CODES, CODES);
  operands(0x23, 0x26, CODES);
  operands(0x28, 0x3e, CODES, OFFSETS);
  operands(0x3f, 0x40, CODES);
  operands(0x41, 0x41, NUMBERS);
  operands(0x42, 0x42, WIDE_NUMBERS);
  operands(0xd0, 0xd0, CODES);
  operands(0xd2, 0xd2, CODES);
  const GET = 0x20;
  const SETS_AND_TEES = [0x21, 0x22];
  const NUMBER = 0x41;
  const LONG_NUMBER = 0x27;
  const VARIABLES_MAX = 1 << 16;
  const ONE_MORE = [9, 11, 13, 15, 16, 17];
  const TWO_MORE = [8, 10, 12, 14];

  /** The module whose streams these are. */
  function weave(bytes) {
    const view = new DataView(bytes.buffer);
    const module = new Uint8Array(view.getUint32(0, true));
    let to = 0;
    /** Where each stream stands. */
    const from = [(STREAMS + 1) * 4];
    for (let i = 1; i < STREAMS; i += 1) from[i] = from[i - 1] + view.getUint32(i * 4, true);
    const end = from[REST] + view.getUint32(4, true);

    function copy(stream, count) {
      for (const stop = to + count; to < stop; to += 1) module[to] = bytes[from[stream]++];
    }

    /** Copies an integer, and returns it if it is an unsigned one. */
    function integer(stream) {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[from[stream]++];
        module[to++] = byte;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return value >>> 0;
      }
    }

    /** The bytes of an unsigned integer. */
    function digits(value) {
      const bytes = [];
      for (let more = 1; more; value >>>= 7) {
        more = value >>> 7 ? 0x80 : 0;
        bytes.push((value & 0x7f) | more);
      }
      return bytes;
    }

    /** Puts the length before what was written from `start`. */
    function putLength(start) {
      const length = digits(to - start);
      module.copyWithin(start + length.length, start, to);
      module.set(length, start);
      to += length.length;
    }

    /** The variables of a function, the one that was used last first. */
    const recent = Uint16Array.from({ length: VARIABLES_MAX }, (_, variable) => variable);
    /** How many of them have moved. */
    let moved = 0;

    /** Uses the variable since which so many others were used. */
    function use(rank) {
      const variable = recent[rank];
      recent.copyWithin(1, 0, rank);
      recent[0] = variable;
      moved = Math.max(moved, rank + 1);
      return variable;
    }

    function get() {
      const start = to;
      const rank = integer(GETS);
      to = start;
      for (const byte of digits(use(rank))) module[to++] = byte;
    }

    function weaveFunction() {
      const start = to;
      for (let left = integer(VARIABLES); left > 0; left -= 1) {
        integer(VARIABLES);
        copy(VARIABLES, 1);
      }
      for (let depth = 1; depth > 0; ) {
        const code = bytes[from[CODES]];
        copy(CODES, 1);
        for (const stream of OPERANDS[code]) integer(stream);
        if (code === GET) get();
        else if (SETS_AND_TEES.includes(code)) use(recent.indexOf(integer(SETS)));
        else if (code === LONG_NUMBER) {
          module[to - 1] = NUMBER;
          integer(LONG_NUMBERS);
        }
        if (code >= 0x02 && code <= 0x04) depth += 1;
        else if (code === 0x0b) depth -= 1;
        else if (code === 0x0e) for (let left = integer(CODES); left >= 0; left -= 1) integer(CODES);
        else if (code === 0x43 || code === 0x44) copy(WIDE_NUMBERS, code === 0x43 ? 4 : 8);
        else if (code === 0xfc) {
          const which = integer(CODES);
          if (ONE_MORE.includes(which) || TWO_MORE.includes(which)) integer(CODES);
          if (TWO_MORE.includes(which)) integer(CODES);
        }
      }
      putLength(start);
      for (; moved > 0; moved -= 1) recent[moved - 1] = moved - 1;
    }

    copy(REST, HEAD);
    while (from[REST] < end) {
      const id = bytes[from[REST]];
      copy(REST, 1);
      if (id === CODE_SECTION) {
        const start = to;
        for (let left = integer(REST); left > 0; left -= 1) weaveFunction();
        putLength(start);
      } else {
        copy(REST, integer(REST));
      }
    }
    return module;
  }

  /** The module in the bytes of a packed file. */
  return (packed) => weave(decompress(packed));
})();
