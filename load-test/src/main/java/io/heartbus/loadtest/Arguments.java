package io.heartbus.loadtest;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What the command line says. Immutable.
 *
 * @param flags the settings that it has
 * @param join the reports to make one of; empty for a run
 */
record Arguments(@Nullable Path config, Map<Setting, String> flags, List<Path> join) {
  /** The words of the command line, for a parser and for the usage text. */
  static CommandLine commandLine(String name) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage()
        .description(
            "Simulates nodes against a Heartbus server and judges what they measure, or joins the"
                + " reports of several runs.")
        .footer("Exit codes: 0 passed, 1 failed, 2 wrong usage. Durations as in 500ms, 10s, 2m.")
        .sortOptions(false);
    for (Setting setting : Setting.values()) {
      OptionSpec.Builder option =
          OptionSpec.builder(setting.flag())
              .type(String.class)
              .paramLabel(setting.label())
              .description(setting.description());
      if (setting == Setting.GIVE_UP) {
        option.arity("0..1").fallbackValue("true");
      }
      spec.addOption(option.build());
    }
    spec.addOption(
        OptionSpec.builder("--config")
            .type(Path.class)
            .paramLabel("FILE")
            .description("HOCON; flags win over it")
            .build());
    spec.addOption(
        OptionSpec.builder("--join")
            .type(List.class)
            .auxiliaryTypes(Path.class)
            .arity("1..*")
            .paramLabel("FILE")
            .description(
                "run nothing: make one report of those (--json, with --hlog) of load testers that"
                    + " ran at the same time")
            .build());
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("show this").build());
    spec.addOption(
        OptionSpec.builder("-V", "--version").versionHelp(true).description("show which").build());
    return new CommandLine(spec);
  }

  /**
   * What was parsed.
   *
   * @throws UsageException when words contradict each other
   */
  static Arguments of(ParseResult parsed) throws UsageException {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String value = parsed.matchedOptionValue(setting.flag(), null);
      if (value != null) {
        flags.put(setting, value);
      }
    }
    List<Path> join = parsed.matchedOptionValue("--join", List.of());
    if (!join.isEmpty()) {
      for (Setting setting : flags.keySet()) {
        if (!setting.destination()) {
          throw new UsageException(setting.flag() + ": --join runs nothing, and does not use it");
        }
      }
    }
    return new Arguments(parsed.matchedOptionValue("--config", null), flags, join);
  }
}
