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

# Sets `jar`, its `cache`, `main_class` and `flags_file` of a module.
describe() {
  case "$1" in
    server) jar=heartbus-server main_class=io.heartbus.server.ServerMain ;;
    client) jar=heartbus-client-cli main_class=io.heartbus.client.cli.ClientMain ;;
    load-test) jar=heartbus-load-test main_class=io.heartbus.loadtest.LoadTestMain ;;
  esac
  jar="$root/$1/target/$jar.jar"
  cache="${jar%.jar}.aot"
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

# Sets `command` to what runs the server, from its start-up cache when the jar has one: classes, loaded
# and linked, and what was learnt of their methods (JEP 514, 515). A JVM that it does not fit starts
# without it.
command_for_server() {
  describe server
  if is_of_jar "$cache"; then
    command_for server -XX:AOTCache="$cache" -Xlog:aot=off -Xlog:cds=off
  else
    command_for server
  fi
}

# Each jar gets a cache of its own, once; if that fails, a file beside it says why.
lacks_cache() {
  describe server
  ! is_of_jar "$cache" && ! is_of_jar "$cache-failed" && [ -w "${jar%/*}" ]
}

# What belongs to a jar has the time of it, so that no other, newer or older, takes it for its own.
is_of_jar() {
  [ -f "$1" ] && [ ! "$1" -nt "$jar" ] && [ ! "$1" -ot "$jar" ]
}

# make_cache OWNER: a server that nobody knows of lives for some seconds with its own canaries: they
# connect, register, beat and fall silent. Then another JVM makes the cache of what was learnt. All of
# it at the lowest priority, in a folder beside the jar, and only while the process OWNER lives.
make_cache() (
  owner="$1" learner='' work=''
  trap end_learner EXIT
  trap 'exit 130' INT TERM HUP
  describe server
  work="$(mktemp -d "$cache.XXXXXX")" || exit 1
  # Taken first: a jar that is built meanwhile has another.
  touch -r "$jar" "$work/time"
  code=0
  learn </dev/null >"$work/log" 2>&1 || code=$?
  if [ "$code" -eq 0 ]; then made=cache kept="$cache"; else made=log kept="$cache-failed"; fi
  # The last step is one, so that two that start at once are not in each other's way.
  touch -r "$work/time" "$work/$made" && mv -f "$work/$made" "$kept"
  if [ "$code" -eq 0 ]; then
    say "prepared a quicker start, from the next one on"
  else
    say "could not prepare a quicker start, $kept says why; delete it to have it tried again"
  fi
  exit "$code"
)

# The folder last: the learner writes into it as long as it lives.
end_learner() {
  [ -z "$learner" ] || { kill -KILL "$learner" && wait "$learner"; } 2>/dev/null || true
  rm -rf "$work"
}

learn() {
  local name learnt
  # Counted by bash, from when the launcher began, which may have had to build.
  SECONDS=0
  # The real server's port, log folder, agent or debugger is not for this one: of the options only
  # those are kept that a cache has to fit, collector, object layout and heap.
  for name in $(compgen -e CONFIG_FORCE_); do unset "$name"; done
  for name in HEARTBUS_JAVA_OPTS JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS; do
    [ -z "${!name:-}" ] || export "$name=$(layout_of "${!name}")"
  done
  printf '%s\n' >"$work/server.conf" \
    'heartbus.server { listen { host = 127.0.0.1, port = 0 }, http.port = 0, presence.canaries = 8 }' ||
    return 1

  # Beside the real server there may be no room for a second heap that is all there from the start.
  command_for server -XX:-AlwaysPreTouch -XX:AOTMode=record -XX:AOTConfiguration="$work/learnt"
  nice -n 19 "${command[@]}" --config "$work/server.conf" &
  learner=$!
  until grep -q 'ready: bus ' "$work/log"; do goes_on || return 1; done
  learnt=$((SECONDS + 5))
  while [ "$SECONDS" -lt "$learnt" ]; do goes_on || return 1; done
  kill -TERM "$learner"
  while goes_on; do :; done
  wait "$learner" || return 1

  command_for server -XX:-AlwaysPreTouch -XX:AOTMode=create -XX:AOTConfiguration="$work/learnt" \
    -XX:AOTCache="$work/cache"
  nice -n 19 "${command[@]}" &
  learner=$!
  while goes_on; do :; done
  wait "$learner" && [ -s "$work/cache" ]
}

# Waits for a moment and says whether the learner still lives. Without its owner it has no reason to.
goes_on() {
  # Bash runs a trap during wait, not during a command.
  sleep 0.2 &
  wait $!
  kill -0 "$owner" 2>/dev/null || exit 1
  [ "$SECONDS" -lt 900 ] || kill -KILL "$learner" 2>/dev/null || true
  kill -0 "$learner" 2>/dev/null
}

# Prints those of these options that say how objects lie in memory.
layout_of() {
  local word words kept=
  read -r -a words <<<"$1"
  for word in ${words[@]+"${words[@]}"}; do
    case "$word" in
      -XX:[+-]* | -Xm*) kept="$kept $word" ;;
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
