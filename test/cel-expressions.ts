// CEL expressions over one object, for the unit test of src/cel and for the e2e suite that
// evaluates them in a ValidatingAdmissionPolicy of the real API server. The results are the API
// server's.

import type { JsonObject } from '../src/model/object.ts';

/**
 * `missing`: a missing key; `failed`: another error at run time; `invalid`: the expression is
 * refused.
 */
export type CelResult = true | false | 'missing' | 'failed' | 'invalid';

/** A custom object without a schema. */
export const celObject: JsonObject = {
  apiVersion: 'cel.kapi.test/v1',
  kind: 'Sample',
  metadata: {
    name: 'sample-1',
    namespace: 'default',
    labels: { app: 'web', tier: 'front', 'app.kubernetes.io/name': 'web' },
    annotations: { empty: '' },
    creationTimestamp: '2026-01-31T12:30:45Z',
  },
  spec: {
    replicas: 3,
    zero: 0,
    negative: -7,
    ratio: 1.5,
    big: 9007199254740991,
    paused: false,
    nothing: null,
    cpu: '500m',
    memory: '1Gi',
    image: 'registry.example.com:5000/team/web:1.27.3',
    version: 'v1.27.3',
    address: '10.1.2.3',
    since: '2026-01-31T12:30:45Z',
    link: 'https://user@example.com:8443/a%20b/c?x=1&x=2&y=z#part',
    words: ['alpha', 'beta', 'gamma', 'beta'],
    numbers: [5, 3, 9, 1],
    mixed: [1, 'a', true, null, 2.5],
    empty: [],
    nested: [[1, 2], [3], []],
    emoji: 'a😀b',
    containers: [
      {
        name: 'app',
        image: 'web:1',
        resources: { limits: { cpu: '1', memory: '512Mi' } },
        ports: [{ containerPort: 80 }],
      },
      { name: 'side', image: 'proxy:2', resources: {} },
    ],
    map: { a: 1, b: 2, c: 3 },
    type: 'Opaque',
  },
  status: {
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-31T12:31:00Z' },
      { type: 'Synced', status: 'False' },
    ],
  },
};

/** Each line: the result, and the expression. */
const table = String.raw`
true    object.spec.replicas == 3
true    object.spec.replicas + 1 == 4
true    object.spec.replicas * 2 - 1 >= 5
true    object.spec.replicas / 2 == 1
true    object.spec.negative / 2 == -3
true    object.spec.negative % 4 == -3
failed  object.spec.replicas / object.spec.zero == 1
failed  object.spec.replicas % object.spec.zero == 1
true    object.spec.ratio == 1.5
true    object.spec.ratio > 1
true    object.spec.ratio < object.spec.replicas
true    object.spec.ratio + 1.5 == 3.0
invalid object.spec.ratio + 1 == 2.5
true    object.spec.replicas == 3.0
true    object.spec.replicas == 3u
false   object.spec.replicas == "3"
true    object.spec.replicas != "3"
failed  object.spec.replicas < "4"
true    object.spec.big + 1 > 9007199254740991
failed  object.spec.big * object.spec.big > 0
true    -9223372036854775808 < 0
failed  9223372036854775807 + object.spec.replicas > 0
true    object.spec.paused == false
true    !object.spec.paused
failed  !object.spec.replicas
true    -object.spec.replicas == -3
true    object.spec.paused || object.spec.replicas > 1
true    object.spec.missing || object.spec.replicas > 1
false   object.spec.missing && object.spec.paused
missing object.spec.missing || object.spec.paused
true    object.spec.replicas || true
failed  object.spec.replicas || false
false   object.spec.replicas && false
false   object.spec.paused ? 1 == 1 : 2 == 3
failed  object.spec.replicas ? true : false
true    object.spec.nothing == null
missing object.spec.nothing.deeper == 1
missing object.spec.missing == null
true    has(object.spec.nothing)
false   has(object.spec.missing)
missing has(object.spec.missing.deeper)
false   has(object.spec.replicas.deeper)
false   has(object.spec.nothing.deeper)
failed  has(object.spec.containers.name)
missing object.spec.replicas.deeper == 1
failed  object.spec.words.first == 1
true    object.metadata.labels.app == "web"
true    object.metadata.labels["app.kubernetes.io/name"] == "web"
missing object.metadata.labels["nope"] == "web"
true    "app" in object.metadata.labels
false   "nope" in object.metadata.labels
true    "beta" in object.spec.words
true    1 in object.spec.mixed
true    1.0 in object.spec.mixed
failed  "x" in object.spec.image
true    object.metadata.annotations.empty == ""
true    object.spec.words[0] == "alpha"
missing object.spec.words[7] == "alpha"
missing object.spec.words[-1] == "alpha"
failed  object.spec.words["x"] == "alpha"
true    object.spec.words[1.0] == "beta"
true    object.spec.map["a"] == 1
missing object.spec.map[1] == 1
true    size(object.spec.words) == 4
true    object.spec.words.size() == 4
true    size(object.spec.map) == 3
true    size(object.spec.emoji) == 3
failed  size(object.spec.replicas) == 3
true    object.spec.emoji.charAt(1) == "😀"
true    object.spec.emoji.indexOf("b") == 2
true    object.spec.emoji.substring(1, 2) == "😀"
failed  object.spec.image.substring(100) == ""
true    object.spec.image.startsWith("registry.")
true    object.spec.image.endsWith(":1.27.3")
true    object.spec.image.contains("/team/")
failed  object.spec.replicas.startsWith("3")
true    object.spec.image.split("/").size() == 3
true    object.spec.image.split("/", 2)[1] == "team/web:1.27.3"
false   object.spec.image.lastIndexOf(":") == 35
true    object.spec.image.replace("team", "x") == "registry.example.com:5000/x/web:1.27.3"
true    object.spec.image.replace("e", "E", 2).startsWith("rEgistry.Example")
true    object.spec.image.upperAscii().contains("TEAM")
true    "ÄBC".lowerAscii() == "Äbc"
true    "  x ".trim() == "x"
true    "abc".replace("", "-") == "-a-b-c-"
true    object.spec.words.join(",") == "alpha,beta,gamma,beta"
failed  object.spec.numbers.join(",") == "5,3,9,1"
true    ["a", "b"].join("-") == "a-b"
true    "%s has %d of %.2f".format([object.spec.type, object.spec.replicas, object.spec.ratio]) == "Opaque has 3 of 1.50"
true    "%x %b %o".format([255, 5, 8]) == "ff 101 10"
true    "%s".format([object.spec.words]) == '["alpha", "beta", "gamma", "beta"]'
invalid "%d".format(["x"]) == "x"
invalid "%s %s".format(["x"]) == "x"
true    strings.quote("a\"b") == "\"a\\\"b\""
true    object.spec.image.matches("^[a-z.]+:[0-9]+/")
invalid object.spec.image.matches("(?=a)")
invalid object.spec.image.matches("[0-9]+(")
true    object.spec.image.find("[0-9]+") == "5000"
true    object.spec.image.findAll("[0-9]+") == ["5000", "1", "27", "3"]
true    object.spec.image.findAll("[0-9]+", 2) == ["5000", "1"]
true    object.spec.containers.all(c, c.name != "")
true    object.spec.containers.exists(c, c.name == "side")
true    object.spec.containers.exists(c, !has(c.resources.limits))
false   object.spec.containers.all(c, has(c.ports))
true    object.spec.containers.exists(c, c.ports[0].containerPort == 80)
missing object.spec.containers.all(c, c.ports[0].containerPort == 80)
true    object.spec.containers.exists_one(c, has(c.ports))
invalid object.spec.containers.existsOne(c, has(c.ports))
true    object.spec.containers.map(c, c.name) == ["app", "side"]
true    object.spec.containers.map(c, has(c.ports), c.name) == ["app"]
true    object.spec.containers.filter(c, c.name.startsWith("a")).size() == 1
true    object.spec.map.all(k, k in ["a", "b", "c"])
true    object.spec.map.exists(k, object.spec.map[k] == 2)
failed  object.spec.replicas.all(x, x > 1)
failed  object.spec.words.exists(w, w)
failed  object.spec.words.map(w, w > 1).size() == 4
true    object.spec.words.all(i, w, i < 4 && w != "")
true    object.spec.map.exists(k, v, k == "b" && v == 2)
true    object.spec.map.transformList(k, v, v * 2).sum() == 12
true    object.spec.words.transformMap(i, w, w + "!")[1] == "beta!"
true    object.spec.map.transformMap(k, v, v > 1, v * 10) == {"b": 20, "c": 30}
failed  object.spec.words.transformMapEntry(i, w, {w: i}).size() == 3
true    object.spec.map.transformMapEntry(k, v, {v: k})[2] == "b"
true    object.spec.numbers.sum() == 18
true    object.spec.numbers.min() == 1
true    object.spec.numbers.max() == 9
failed  object.spec.empty.max() == 9
failed  object.spec.words.sum() == ""
false   object.spec.numbers.isSorted()
false   object.spec.words.isSorted()
true    object.spec.words.indexOf("beta") == 1
true    object.spec.words.lastIndexOf("beta") == 3
true    object.spec.words.indexOf(1) == -1
true    object.spec.numbers.sort() == [1, 3, 5, 9]
failed  object.spec.mixed.sort().size() == 5
true    object.spec.words.distinct() == ["alpha", "beta", "gamma"]
true    object.spec.words.reverse()[0] == "beta"
true    object.spec.words.slice(1, 3) == ["beta", "gamma"]
failed  object.spec.words.slice(3, 9).size() == 1
true    object.spec.nested.flatten() == [1, 2, 3]
true    object.spec.containers.sortBy(c, c.image).map(c, c.name) == ["side", "app"]
true    object.spec.words.first().orValue("none") == "alpha"
false   object.spec.empty.last().hasValue()
true    lists.range(4) == [0, 1, 2, 3]
true    sets.contains(object.spec.words, ["beta", "alpha"])
true    sets.intersects(object.spec.numbers, [1, 100])
true    sets.equivalent(object.spec.words, ["gamma", "alpha", "beta"])
true    object.metadata.?labels.?app.orValue("none") == "web"
true    object.metadata.?finalizers.orValue([]).size() == 0
true    object.?status.phase.orValue("x") == "Running"
true    object.?nope.phase.orValue("x") == "x"
true    object.spec.words[?9].orValue("none") == "none"
true    object.spec.map[?"a"].value() == 1
failed  object.spec.map[?"zz"].value() == 1
false   object.spec.?missing.hasValue()
true    optional.of(object.spec.replicas).optMap(r, r + 1).value() == 4
true    optional.none().or(optional.of(1)).value() == 1
false   optional.ofNonZeroValue(object.spec.zero).hasValue()
true    [?object.spec.?missing, ?object.spec.?replicas] == [3]
true    {?"a": object.spec.?missing}.size() == 0
true    quantity(object.spec.cpu).isLessThan(quantity("1"))
true    quantity(object.spec.cpu).add(quantity("500m")) == quantity("1")
true    quantity(object.spec.memory).asInteger() == 1073741824
false   quantity(object.spec.cpu).isInteger()
failed  quantity(object.spec.cpu).asInteger() == 0
true    quantity(object.spec.memory).sub(24).asApproximateFloat() < 1073741824.0
true    quantity(object.spec.memory).compareTo(quantity("1024Mi")) == 0
failed  quantity(object.spec.image).isInteger()
true    isQuantity(object.spec.memory)
false   isQuantity("1Q")
failed  quantity(object.spec.replicas).isInteger()
true    url(object.spec.link).getHost() == "example.com:8443"
true    url(object.spec.link).getHostname() == "example.com"
true    url(object.spec.link).getPort() == "8443"
true    url(object.spec.link).getScheme() == "https"
true    url(object.spec.link).getEscapedPath() == "/a%20b/c"
true    url(object.spec.link).getQuery()["x"] == ["1", "2"]
false   isURL("no url")
true    isURL("/path")
failed  url("no url").getHost() == ""
true    ip(object.spec.address).family() == 4
true    ip("::1").isLoopback()
true    ip("fe80::1").isLinkLocalUnicast()
true    ip("10.0.0.1").isGlobalUnicast()
failed  ip("::ffff:1.2.3.4").family() == 4
false   ip.isCanonical("2001:DB8::1")
true    ip.isCanonical("2001:db8::1")
true    string(ip("2001:db8:0:0:1:0:0:1")) == "2001:db8::1:0:0:1"
false   isIP("1.2.3")
true    cidr("10.0.0.0/8").containsIP(object.spec.address)
true    cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16")
true    cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8")
true    cidr("10.0.0.0/8").prefixLength() == 8
failed  cidr("10.0.0.0/8").containsIP("nope")
false   isCIDR("10.0.0.0/33")
true    semver(object.spec.version, true).minor() == 27
false   isSemver(object.spec.version)
true    semver("1.2.3-alpha.1").isLessThan(semver("1.2.3"))
false   format.dns1123Label().validate(object.metadata.name).hasValue()
true    format.dns1123Label().validate("A_b").value().size() == 1
true    format.named("uuid").value().validate("x").value() == ["does not match the UUID format"]
false   format.named("nope").hasValue()
true    timestamp(object.spec.since) < timestamp("2026-02-01T00:00:00Z")
true    timestamp(object.spec.since).getFullYear() == 2026
true    timestamp(object.spec.since).getMonth() == 0
true    timestamp(object.spec.since).getDayOfMonth() == 30
true    timestamp(object.spec.since).getHours("+02:00") == 14
true    timestamp(object.spec.since) + duration("1h") == timestamp("2026-01-31T13:30:45Z")
true    timestamp("2026-01-31T12:31:00Z") - timestamp(object.spec.since) == duration("15s")
failed  timestamp(object.spec.image) > timestamp("2026-01-31T12:31:00Z")
invalid timestamp("yesterday") > timestamp("2026-01-31T12:31:00Z")
true    duration("1h30m").getMinutes() == 90
true    duration(object.spec.cpu) > duration("1h")
true    string(duration("90s")) == "90s"
true    string(object.spec.replicas) == "3"
true    string(object.spec.ratio) == "1.5"
true    int("42") == 42
failed  int(object.spec.image) == 42
true    int(object.spec.ratio) == 1
true    double(object.spec.replicas) == 3.0
failed  uint(object.spec.negative) == 0u
true    bool("true")
true    type(object.spec.replicas) == int
true    type(object.spec.ratio) == double
true    type(object.spec.map) == map
true    type(object.metadata.creationTimestamp) == string
true    dyn(object.spec.replicas) == 3
true    object.status.conditions.exists(c, c.type == "Ready" && c.status == "True")
true    object.status.conditions.filter(c, c.status != "True").map(c, c.type) == ["Synced"]
false   object.status.conditions.all(c, has(c.lastTransitionTime))
true    object.spec.map == {"a": 1, "b": 2, "c": 3}
invalid object.spec.mixed == [1, "a", true, null, 2.5]
true    object.spec.type == "Opaque"
true    object.spec.nested[0] + object.spec.nested[1] == [1, 2, 3]
true    object.spec.words + ["x"] == ["alpha", "beta", "gamma", "beta", "x"]
true    "a" + "b" == "ab"
invalid object.spec.image + 1 == "x"
true    b"abc" == bytes("abc")
true    "abc" < "abd"
true    "\u00e9" == "é"
true    r"\d" == "\\d"
true    '''a'b''' == "a'b"
invalid 1 + "a" == 2
invalid 1 == "a"
invalid [1, "a"].size() == 2
invalid {"a": 1, "b": "c"}.size() == 2
invalid true ? 1 : "a"
invalid nope == 1
invalid nope(1)
invalid object.nope(1)
invalid object.spec.image.nope()
invalid size(1) == 1
invalid object.spec.replicas
invalid "text"
invalid object.spec.words.all(w)
invalid has(object)
invalid object.spec..x
invalid object.spec.
invalid (object.spec.replicas == 3
invalid object.spec.replicas = 3
invalid object.spec.replicas == 3 &&
invalid for == 1
true    object.spec.words.map(w, w.size()).max() == 5
true    object.metadata.labels.exists(k, k.startsWith("app.kubernetes.io/"))
true    object.spec.containers.map(c, c.?resources.?limits.?cpu.orValue("0")).map(q, quantity(q)).exists(q, q.isGreaterThan(quantity("900m")))
true    quantity("0.1").add(quantity("0.2")) == quantity("0.3")
true    object.spec.ratio / 0.0 > 1.0
false   double("NaN") == double("NaN")
failed  1 / 0 == 1
true    -7 % 3 == -1
failed  int("9223372036854775807") + 1 > 0
invalid int("9223372036854775808") > 0
invalid double("x") > 1.0
invalid bool("x")
invalid uint(-1) > 0u
invalid uint(int("-1")) > 0u
invalid int(1.0e30) > 1
invalid string(b"\xff") == "x"
invalid true || int("z") > 0
failed  1u - 2u == 0u
true    "a,b,,c".split(",").size() == 4
true    "hello".charAt(5) == ""
failed  "hello".charAt(6) == ""
true    "%s %d %s".format(["a", 1, true]) == "a 1 true"
false   "%s".format([{"a": 1, "b": true}]) == "{a: 1, b: true}"
true    "%s".format([[1, "a"]]) == '[1, "a"]'
invalid [1, "a"].size() == 2 || "%s".format([1]) == "1"
true    timestamp("2026-01-31T23:30:00Z").getDate("Asia/Seoul") == 1
failed  timestamp("2026-01-31T23:30:00Z").getHours("Nowhere/City") == 1
invalid duration("1d") == duration("24h")
failed  timestamp("9999-12-31T23:59:59Z") + duration("1s") > timestamp("2026-01-31T12:30:45Z")
true    isCIDR("::/0") && !isIP("::/0")
true    url("https://[::1]:80/").getHostname() == "::1"
true    {"a": 1, "a": 2}.size() == 1
true    {"a": 1, "a": 2}.a == 2
true    object.spec.mixed.filter(m, type(m) == string) == ["a"]
true    object.spec.mixed.exists(m, m == null)
failed  object.spec.mixed[4] > object.spec.mixed[1]
true    "\U0001F600".size() == 1
true    0x1F == 31 && -0x1 == -1
true    object.spec in [object.spec]
failed  "x" in object.spec.nothing
failed  lists.range(100000).all(x, lists.range(1000).all(y, y >= 0))
`;

/** Pairs of result and expression. */
export const celExpressions: readonly (readonly [CelResult, string])[] = table
  .trim()
  .split('\n')
  .map((line) => [resultOf(line.slice(0, 7).trim()), line.slice(8)]);

function resultOf(word: string): CelResult {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'missing' || word === 'failed' || word === 'invalid') return word;
  throw new Error(`no result of an expression: ${word}`);
}
