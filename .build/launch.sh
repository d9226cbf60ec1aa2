# What the three launchers share; sourced, never run. They set `root` (of the repository) first.
# Plain enough for the bash 3.2 of macOS: no associative arrays, no bare "${empty[@]}" under set -u.

launcher="$(basename "$0")"

say() {
  printf '%s: %s\n' "$launcher" "$*" >&2
}

# fail CODE MESSAGE: 1 is "failed at work", 2 is "wrong usage or configuration".
fail() {
  local code="$1"
  shift
  say "$*"
  exit "$code"
}

# Prints the feature number (25) of a java, nothing when it does not run. The options of the
# environment are left out: java would announce them in lines of its own, or refuse to start.
java_feature() {
  env -u JDK_JAVA_OPTIONS -u JAVA_TOOL_OPTIONS -u _JAVA_OPTIONS "$1" -version 2>&1 </dev/null |
    sed -n 's/^.* version "\([0-9][0-9]*\).*$/\1/p' | head -n 1
}

# Sets `java` to the first one that is new enough.
find_java() {
  local candidate feature
  for candidate in \
    "${JAVA_HOME:+$JAVA_HOME/bin/java}" \
    "${JAVA25_HOME:+$JAVA25_HOME/bin/java}" \
    "$(command -v java || true)" \
    /usr/lib/jvm/*/bin/java \
    /opt/*/bin/java \
    /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java \
    "${HOME:-}"/.sdkman/candidates/java/*/bin/java \
    "${HOME:-}"/.jdks/*/bin/java; do
    if [ -f "$candidate" ] && [ -x "$candidate" ]; then
      feature="$(java_feature "$candidate")"
      if [ "${feature:-0}" -ge 25 ]; then
        java="$candidate"
        return
      fi
    fi
  done
  fail 2 "no JDK 25 or newer found: install one (Debian: apt-get install openjdk-25-jdk; any system: https://adoptium.net) or set JAVA_HOME to it"
}

# Sets `jar`, `main_class` and `flags_file` of a module.
describe() {
  case "$1" in
    server) jar=heartbus-server main_class=io.heartbus.server.ServerMain ;;
    client) jar=heartbus-client-cli main_class=io.heartbus.client.cli.ClientMain ;;
    load-test) jar=heartbus-load-test main_class=io.heartbus.loadtest.LoadTestMain ;;
  esac
  jar="$root/$1/target/$jar.jar"
  flags_file="$root/conf/$1.jvmargs"
}

# Builds the fat jars of these modules, those that are missing, in one go.
ensure_built() {
  # Launchers queue here, so that none builds into, or starts from, what another is writing.
  exec 8<"$root/pom.xml"
  if command -v flock >/dev/null && ! flock -n 8; then
    say "another launcher is building, waiting for it"
    flock 8
  fi
  local module missing=
  for module in "$@"; do
    describe "$module"
    [ -f "$jar" ] || missing="$missing,$module"
  done
  [ -z "$missing" ] || build "${missing#,}"
  exec 8<&-
}

build() {
  command -v mvn >/dev/null ||
    fail 2 "$1 is not built yet and there is no mvn to do it: install Maven 3.8.7 or newer (Debian: apt-get install maven)"
  say "building ${1//,/ and } first, once (a minute, or a few when Maven has to fetch libraries)"
  local log home
  log="$(mktemp "${TMPDIR:-/tmp}/heartbus-build.XXXXXX")"
  # Maven gets the JDK found above, wherever that is: it knows fewer places to look.
  home="$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')"
  # Without the tests' classes, too: they take half of the time and a user does not run them.
  if ! (cd "$root" && JAVA_HOME="$home" JAVA25_HOME="$home" \
    mvn -q -B -ntp -pl "$1" -am -Dmaven.test.skip=true package) >"$log" 2>&1 8<&- </dev/null; then
    fail 1 "the build failed, see $log"
  fi
  rm -f "$log"
}

# command_for MODULE [FLAG...]: sets the array `command` to what runs a module: java, its flags and
# these, the class path, the main class.
command_for() {
  describe "$1"
  shift
  local line extra=() flags=()
  read -r -a extra <<<"${HEARTBUS_JAVA_OPTS:-}"
  if [ -f "$flags_file" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      line="${line%%#*}"
      line="${line#"${line%%[![:space:]]*}"}"
      line="${line%"${line##*[![:space:]]}"}"
      [ -z "$line" ] || flags+=("$line")
    done <"$flags_file"
  fi
  if ! runs ${flags[@]+"${flags[@]}"} ${extra[@]+"${extra[@]}"}; then
    keep_what_runs
  fi
  command=("$java" ${flags[@]+"${flags[@]}"} ${extra[@]+"${extra[@]}"} "$@"
    -cp "$jar${HEARTBUS_CLASSPATH:+:$HEARTBUS_CLASSPATH}" "$main_class")
}

# Sets `command` to what runs the server from its start-up cache: classes, loaded and linked, and
# what was learnt of their methods (JEP 514, 515). Each jar gets its own, at its first start; if that
# fails, it is not tried again. A JVM that a cache does not fit starts without it.
command_for_server() {
  describe server
  local cache="${jar%.jar}.aot"
  if [ ! "$cache" -nt "$jar" ] && [ ! "$cache-failed" -nt "$jar" ] && [ -w "${jar%/*}" ]; then
    if ! make_cache "$cache"; then
      : >"$cache-failed"
      say "could not prepare it; the server starts as quickly as it can without (to have it tried again, delete $cache-failed)"
    fi
  fi
  if [ "$cache" -nt "$jar" ]; then
    command_for server -XX:AOTCache="$cache" -Xlog:aot=off -Xlog:cds=off
  else
    command_for server
  fi
}

# A server that nobody knows of lives for some seconds with its own canaries: they connect, register,
# beat and fall silent. When it ends, its JVM writes down what it knows.
make_cache() {
  local work server word HEARTBUS_JAVA_OPTS="${HEARTBUS_JAVA_OPTS:-}" code=0
  # What is set for the real server, such as its port or the folder of its log, is not for this one.
  HEARTBUS_JAVA_OPTS="$(without_settings "$HEARTBUS_JAVA_OPTS")"
  say "preparing a quicker start, once (some ten seconds)"
  work="$(mktemp -d "${TMPDIR:-/tmp}/heartbus-cache.XXXXXX")" || return 1
  printf '%s\n' >"$work/server.conf" \
    'heartbus.server { listen { host = 127.0.0.1, port = 0 }, http.port = 0, presence.canaries = 8 }'
  command_for server -XX:AOTCacheOutput="$work/cache" -Xlog:aot=off -Xlog:cds=off
  (
    for word in $(compgen -e CONFIG_FORCE_); do unset "$word"; done
    for word in JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS; do
      [ -z "${!word:-}" ] || export "$word=$(without_settings "${!word}")"
    done
    exec "${command[@]}" --config "$work/server.conf" >"$work/log" 2>&1 </dev/null
  ) &
  server=$!
  trap 'kill -KILL $server; rm -rf "$work"; exit 1' INT TERM HUP
  # Bash runs a trap during wait, not during a command.
  sleep 6 &
  wait $!
  kill -TERM $server 2>/dev/null || true
  wait $server || code=$?
  trap - INT TERM HUP
  # The last step is one, so that two that start at once are not in each other's way.
  if [ "$code" -eq 0 ]; then
    mv "$work/cache" "$1.$$" && mv "$1.$$" "$1" || code=1
  fi
  rm -rf "$work"
  return "$code"
}

# Prints these options but for the settings of a server among them.
without_settings() {
  local word kept=
  for word in $1; do
    case "$word" in
      -Dheartbus.*) ;;
      *) kept="$kept $word" ;;
    esac
  done
  printf '%s' "$kept"
}

runs() {
  "$java" "$@" -version >/dev/null 2>&1 </dev/null
}

# Thins out the caller's `flags`: not every JDK has every flag (Oracle's lacks Shenandoah), and the
# user's own options may contradict ours (two collectors) and win.
keep_what_runs() {
  local flag kept=() dropped=
  runs ${extra[@]+"${extra[@]}"} ||
    fail 2 "$java refuses the options of the environment (HEARTBUS_JAVA_OPTS, JDK_JAVA_OPTIONS, JAVA_TOOL_OPTIONS): $(
      "$java" ${extra[@]+"${extra[@]}"} -version 2>&1 </dev/null | grep -v 'Picked up' | head -n 1
    )"
  for flag in ${flags[@]+"${flags[@]}"}; do
    if runs ${kept[@]+"${kept[@]}"} "$flag" ${extra[@]+"${extra[@]}"}; then
      kept+=("$flag")
    else
      dropped="$dropped $flag"
    fi
  done
  flags=(${kept[@]+"${kept[@]}"})
  say "this JVM goes without$dropped"
}
