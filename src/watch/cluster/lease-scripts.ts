/** The Redis scripts of the leases: one takes and renews them, one gives them back. */

/**
 * Marks this gateway as alive, renews its leases and takes the free ones. Each new lease gets a higher fencing token
 * than any before: by at least one, and at least the time, so that a Redis that has lost its last writes does not issue
 * a token twice. Allowed on a full Redis: none of it grows.
 *
 * KEYS: members, tokens, versions. ARGV: name, length of a lease in milliseconds, prefix of leases, services. Returns
 * the services whose leases are held, the milliseconds until the first of the other leases ends, the tokens of all
 * services in the order of ARGV, and alternately the names and versions of all gateways.
 */
export const renewScript = `#!lua flags=allow-oom
local members, tokens, versions = KEYS[1], KEYS[2], KEYS[3]
local name, length, prefix = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, expired in ipairs(redis.call('ZRANGE', members, '-inf', now, 'BYSCORE')) do
  redis.call('ZREM', members, expired)
  redis.call('HDEL', versions, expired)
end
redis.call('ZADD', members, now + length, name)

local held, first, issued = {}, length, {}
for index = 4, #ARGV do
  local service = ARGV[index]
  local holder = redis.call('GET', prefix .. service)
  if holder and holder ~= name then
    first = math.min(first, redis.call('PTTL', prefix .. service))
  else
    if not holder then
      local token = math.max((redis.call('HGET', tokens, service) or '0') + 1, now)
      redis.call('HSET', tokens, service, string.format('%.0f', token))
    end
    redis.call('SET', prefix .. service, name, 'PX', length)
    held[#held + 1] = service
  end
  issued[#issued + 1] = redis.call('HGET', tokens, service) or '0'
end

local alive = {}
for _, each in ipairs(redis.call('ZRANGE', members, 0, -1)) do
  alive[#alive + 1] = each
  alive[#alive + 1] = redis.call('HGET', versions, each) or ''
end
return { held, first, issued, alive }
`;

/** KEYS: members, versions, interest. ARGV: name, prefix of leases, services. */
export const leaveScript = `#!lua flags=allow-oom
for index = 3, #ARGV do
  local lease = ARGV[2] .. ARGV[index]
  if redis.call('GET', lease) == ARGV[1] then redis.call('DEL', lease) end
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
`;
