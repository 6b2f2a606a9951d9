package io.assay.eventlog;

import io.assay.contracts.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The last position of each of many keys, for who reads a log from its start, in bounded memory.
 *
 * <p>Where there are more keys than fit, it goes on with a share of them, half as large, and leaves
 * the other half for another reading: {@link #next} begins it, as long as there is a share left.
 *
 * <p>A key is known by 128 bits of a hash. Nobody can have prepared two keys that are taken for
 * one: it begins with a random salt.
 */
final class LastPositions {

  /** The key had no position yet. */
  static final long NONE = -1;

  /** The key is of another share, or this was told in an earlier reading. */
  static final long NOT_HERE = -2;

  private static final int SALT_BYTES = 16;
  private static final int SLOT_BYTES = 3 * Long.BYTES;
  private static final int FIRST_SLOTS = 1 << 10;
  private static final int MOST_SLOTS = 1 << 28;

  /**
   * The keys whose hashes begin with these bits.
   *
   * @param from the first position at which not all has been told of them
   */
  private record Share(int bits, long prefix, long from) {

    boolean has(long high) {
      return bits == 0 || high >>> (Long.SIZE - bits) == prefix;
    }
  }

  private final int mostSlots;
  private final byte[] salt = new byte[SALT_BYTES];
  private final MessageDigest digest = Sha256.newDigest();
  private final Deque<Share> left = new ArrayDeque<>();
  private Share share = new Share(0, 0, 0);
  private int size;

  // Slot by slot, found by the hash's lower half; one without a position is empty.
  private long[] highs;
  private long[] lows;
  private long[] positions;

  /**
   * @param mostSlots a power of two; three quarters of them are used
   */
  LastPositions(int mostSlots) {
    if (Integer.bitCount(mostSlots) != 1) {
      throw new IllegalArgumentException(mostSlots + " is no power of two");
    }
    this.mostSlots = mostSlots;
    new SecureRandom().nextBytes(salt);
    var first = empty(Math.min(FIRST_SLOTS, mostSlots));
    highs = first[0];
    lows = first[1];
    positions = first[2];
  }

  /** Slots that take a quarter of the memory that this virtual machine may have, at most. */
  static int affordable() {
    long slots = Runtime.getRuntime().maxMemory() / 4 / SLOT_BYTES;
    return (int) Long.highestOneBit(Math.clamp(slots, FIRST_SLOTS, MOST_SLOTS));
  }

  /** Sets the position of a key; answers the one before, {@link #NONE} or {@link #NOT_HERE}. */
  long put(String workspace, String name, long position) {
    digest.update(salt);
    var owner = workspace.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, owner.length));
    digest.update(owner);
    var hash = ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
    long high = hash.getLong();
    if (!share.has(high)) {
      return NOT_HERE;
    }
    long before = put(high, hash.getLong(), position);
    return position < share.from() ? NOT_HERE : before;
  }

  /** All keys of the event at this position are put: from here on less may be kept. */
  void settle(long position) {
    while (size > used(mostSlots)) {
      left.push(
          new Share(
              share.bits() + 1, share.prefix() * 2 + 1, Math.max(share.from(), position + 1)));
      share = new Share(share.bits() + 1, share.prefix() * 2, share.from());
      rebuild(positions.length);
    }
  }

  /** Begins another reading for a share that was left, from the first position; false without. */
  boolean next() {
    if (left.isEmpty()) {
      return false;
    }
    share = left.pop();
    size = 0;
    Arrays.fill(positions, NONE);
    return true;
  }

  private long put(long high, long low, long position) {
    if (size >= (positions.length < mostSlots ? used(positions.length) : positions.length - 1)) {
      rebuild(positions.length * 2); // beyond the most where a single event fills them
    }
    int slot = slot(high, low);
    long before = positions[slot];
    if (before == NONE) {
      size++;
      highs[slot] = high;
      lows[slot] = low;
    }
    positions[slot] = position;
    return before;
  }

  /** Where the key is, or would be. */
  private int slot(long high, long low) {
    int mask = positions.length - 1;
    int slot = (int) low & mask;
    while (positions[slot] != NONE && (highs[slot] != high || lows[slot] != low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Keeps what is of the share. */
  private void rebuild(int slots) {
    var high = highs;
    var low = lows;
    var position = positions;
    var made = empty(slots);
    highs = made[0];
    lows = made[1];
    positions = made[2];
    size = 0;
    for (int i = 0; i < position.length; i++) {
      if (position[i] != NONE && share.has(high[i])) {
        put(high[i], low[i], position[i]);
      }
    }
  }

  private static int used(int slots) {
    return slots / 4 * 3;
  }

  private static long[][] empty(int slots) {
    var made = new long[3][slots];
    Arrays.fill(made[2], NONE);
    return made;
  }
}
