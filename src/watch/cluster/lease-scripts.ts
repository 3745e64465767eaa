/** Which of the gateways reads which service: one script to take and to keep its lease, one to give it back. */

/**
 * Says that this gateway lives, keeps the leases that it has and takes those that are free. Each lease that is taken has a higher
 * fencing token than any before: by at least one, and by the time, so that a Redis that has lost what it gave out last does not
 * give it out again. Allowed where Redis is full: none of it grows.
 *
 * KEYS: members, tokens, versions. ARGV: name, length of a lease in milliseconds, prefix of leases, services. Gives the services
 * whose leases are held, the milliseconds until the first of the others ends, the tokens of all services in the order given, and
 * names and versions of all gateways in turn.
 */
export const renewScript = `#!lua flags=allow-oom
local members, tokens, versions = KEYS[1], KEYS[2], KEYS[3]
local name, length, prefix = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, dead in ipairs(redis.call('ZRANGE', members, '-inf', now, 'BYSCORE')) do
  redis.call('ZREM', members, dead)
  redis.call('HDEL', versions, dead)
end
redis.call('ZADD', members, now + length, name)

local held, first, given = {}, length, {}
for place = 4, #ARGV do
  local service = ARGV[place]
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
  given[#given + 1] = redis.call('HGET', tokens, service) or '0'
end

local living = {}
for _, each in ipairs(redis.call('ZRANGE', members, 0, -1)) do
  living[#living + 1] = each
  living[#living + 1] = redis.call('HGET', versions, each) or ''
end
return { held, first, given, living }
`;

/** KEYS: members, versions, interest. ARGV: name, prefix of leases, services. */
export const leaveScript = `#!lua flags=allow-oom
for place = 3, #ARGV do
  local lease = ARGV[2] .. ARGV[place]
  if redis.call('GET', lease) == ARGV[1] then redis.call('DEL', lease) end
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('DEL', KEYS[3])
`;
