/** The Redis scripts that write the shared log. Each is atomic, and a full Redis runs none of them. */

/**
 * Opens the log, or begins one. If Redis was restarted, or its head is behind that of the caller, it may have lost
 * entries: so a new epoch begins, marked by an entry without a transition.
 *
 * KEYS: log, entries, heads. ARGV: id and head for a new log, the head that the caller knows, distance of a new epoch.
 * Returns id and head.
 */
export const openScript = `#!lua
local log, entries = KEYS[1], KEYS[2]
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local known = redis.call('HGET', log, 'run')
local head = tonumber(redis.call('HGET', log, 'head') or '0')
local knownHead = tonumber(ARGV[3])
if redis.call('HSETNX', log, 'id', ARGV[1]) == 1 then
  redis.call('HSET', log, 'head', ARGV[2])
  redis.call('DEL', entries, KEYS[3])
elseif known ~= run or head < knownHead then
  local begun = string.format('%.0f', math.max(head, knownHead) + tonumber(ARGV[4]))
  redis.call('HSET', log, 'head', begun)
  redis.call('XADD', entries, begun .. '-0', 'previous', string.format('%.0f', head), 'at', '0', 'job', '', 'transition', '')
end
redis.call('HSET', log, 'run', run)
return redis.call('HMGET', log, 'id', 'head')
`;

/**
 * Appends if the log is the one that the writer knows, the writer's fencing token is not lower than the highest, and
 * the job's sequence is the expected one. If the job's head was deleted, the writer's sequence is accepted. Deletes at
 * most two of the oldest entries, if there are too many or they are too old, with their entries in the job's history.
 *
 * KEYS: log, entries, heads, tokens. ARGV: job, expected sequence, service, token, kind, state, transition, entry of
 * the history, max number of entries, max age in milliseconds, prefix of histories, id of the log. Returns the outcome
 * and, in this order, the offset, the job's head, the highest token, nothing.
 */
export const appendScript = `#!lua
local log, entries, heads, tokens = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local job, expected, service, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local history = ARGV[11]
if redis.call('HGET', log, 'id') ~= ARGV[12] then return { 'lost', '' } end
local highest = redis.call('HGET', tokens, service) or '0'
if tonumber(token) < tonumber(highest) then return { 'fenced', highest } end
local head = redis.call('HGET', heads, job)
if head and string.match(head, '^%d+ (%d+) ') ~= expected then return { 'refused', head } end
if tonumber(token) > tonumber(highest) then redis.call('HSET', tokens, service, token) end

local previous = redis.call('HGET', log, 'head') or '0'
local offset = string.format('%.0f', redis.call('HINCRBY', log, 'head', 1))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local sequence = string.format('%.0f', expected + 1)
redis.call('XADD', entries, offset .. '-0', 'previous', previous, 'at', string.format('%.0f', now), 'job', job, 'transition', ARGV[7])
redis.call('HSET', heads, job, offset .. ' ' .. sequence .. ' ' .. ARGV[5] .. ' ' .. ARGV[6])
redis.call('ZADD', history .. job, offset, ARGV[8])

local excess = redis.call('XLEN', entries) - tonumber(ARGV[9])
for index, oldest in ipairs(redis.call('XRANGE', entries, '-', '+', 'COUNT', 2)) do
  local forgotten, itsJob = string.match(oldest[1], '^%d+'), oldest[2][6]
  if index <= excess or tonumber(oldest[2][4]) < now - tonumber(ARGV[10]) and forgotten ~= offset then
    redis.call('XDEL', entries, oldest[1])
    redis.call('ZREMRANGEBYSCORE', history .. itsJob, forgotten, forgotten)
    local last = redis.call('HGET', heads, itsJob)
    if last and string.match(last, '^%d+') == forgotten then redis.call('HDEL', heads, itsJob) end
  end
end
return { 'appended', offset }
`;
