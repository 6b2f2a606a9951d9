package io.assay.policy.conditions;

import io.assay.contracts.ConditionResult.Severity;
import io.assay.policy.conditions.PolicyDocument.Approvals;
import io.assay.policy.conditions.PolicyDocument.Condition;
import io.assay.policy.conditions.PolicyDocument.Expression;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads policy documents strictly: unknown and repeated keys, anchors, aliases and tags are
 * refused, and so is a document of more than {@value #MAX_BYTES} bytes. All faults are reported,
 * not only the first.
 */
final class DocumentReader {

  static final int MAX_BYTES = 64 * 1024;
  static final int MAX_CONDITIONS = 100;

  /** Names of conditions that the service answers itself. */
  static final Set<String> RESERVED =
      Set.of("approvals", "content-unchanged", "policy-in-force", "version-usable");

  /** Who may be asked for an approval. */
  static final Set<String> APPROVERS =
      Set.of("model-validator", "risk-officer", "compliance-officer");

  private static final Pattern DURATION = Pattern.compile("([1-9]\\d{0,4}) (day|hour)s?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?");
  private static final Duration DECISION_VALIDITY = Duration.ofHours(24);
  private static final Duration REQUEST_VALIDITY = Duration.ofDays(30);

  private final List<DocumentFault> faults = new ArrayList<>();

  private DocumentReader() {}

  static PolicyDocument read(String yaml) {
    if (yaml.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new FaultyDocumentException(
          new DocumentFault("", 1, 1, "A document has at most " + MAX_BYTES + " bytes"));
    }
    var reader = new DocumentReader();
    var document = reader.document(compose(yaml));
    if (!reader.faults.isEmpty() || document == null) {
      throw new FaultyDocumentException(reader.faults);
    }
    return document;
  }

  private static Node compose(String yaml) {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setAllowRecursiveKeys(false);
    options.setNestingDepthLimit(10);
    options.setCodePointLimit(MAX_BYTES);
    try {
      var parser = new Yaml(new SafeConstructor(options));
      for (var event : parser.parse(new StringReader(yaml))) {
        boolean alias = event instanceof AliasEvent;
        boolean anchor = !alias && event instanceof NodeEvent node && node.getAnchor() != null;
        if (alias || anchor) {
          throw new FaultyDocumentException(
              fault("", event.getStartMark(), "Anchors and aliases are not part of the language"));
        }
      }
      @Nullable Node root = parser.compose(new StringReader(yaml));
      if (root == null) {
        throw new FaultyDocumentException(new DocumentFault("", 1, 1, "The document is empty"));
      }
      return root;
    } catch (MarkedYAMLException e) {
      var problem = e.getProblem() == null ? "Not YAML" : e.getProblem();
      throw new FaultyDocumentException(fault("", e.getProblemMark(), problem));
    } catch (YAMLException e) {
      throw new FaultyDocumentException(
          new DocumentFault("", 1, 1, String.valueOf(e.getMessage())));
    }
  }

  private @Nullable PolicyDocument document(Node root) {
    var fields =
        fields(
            root,
            "",
            Set.of("name", "environment", "conditions"),
            Set.of("description", "approvals", "validFor"));
    var name = required(fields, "name", "", this::text);
    var environment = required(fields, "environment", "", this::text);
    var conditions = required(fields, "conditions", "", this::conditions);
    var approvals = optional(fields, "approvals", "", this::approvals);
    var validFor = optional(fields, "validFor", "", this::duration);
    var description = optional(fields, "description", "", this::text);
    if (name == null || environment == null || conditions == null) {
      return null;
    }
    return new PolicyDocument(
        name,
        environment,
        description,
        conditions,
        approvals == null ? Approvals.NONE : approvals,
        validFor == null ? DECISION_VALIDITY : validFor);
  }

  private List<Condition> conditions(Node node, String pointer) {
    var conditions = new ArrayList<Condition>();
    var names = new HashSet<String>();
    if (!(node instanceof SequenceNode sequence)) {
      fault(node, pointer, "A list of conditions is expected");
      return conditions;
    }
    if (sequence.getValue().isEmpty() || sequence.getValue().size() > MAX_CONDITIONS) {
      fault(node, pointer, "A policy has 1 to " + MAX_CONDITIONS + " conditions");
    }
    int index = 0;
    for (var item : sequence.getValue()) {
      var at = pointer + "/" + index++;
      var condition = condition(item, at);
      if (condition != null) {
        if (!names.add(condition.name())) {
          fault(item, at + "/name", "Two conditions are named " + condition.name());
        }
        conditions.add(condition);
      }
    }
    return conditions;
  }

  private @Nullable Condition condition(Node node, String pointer) {
    var fields =
        fields(
            node,
            pointer,
            Set.of("name", "expression", "required"),
            Set.of("severity", "actual", "remedy", "maxAge"));
    var name = required(fields, "name", pointer, this::conditionName);
    var severity = optional(fields, "severity", pointer, this::severity);
    var expression = required(fields, "expression", pointer, this::expression);
    var actual = optional(fields, "actual", pointer, this::expression);
    var demanded = required(fields, "required", pointer, this::demand);
    var remedy = optional(fields, "remedy", pointer, this::text);
    var maxAge = optional(fields, "maxAge", pointer, this::duration);
    if (name == null || expression == null || demanded == null) {
      return null;
    }
    return new Condition(
        name,
        severity == null ? Severity.BLOCKING : severity,
        expression,
        actual,
        demanded,
        remedy,
        maxAge);
  }

  private @Nullable String conditionName(Node node, String pointer) {
    var name = text(node, pointer);
    if (name != null && !NAME.matcher(name).matches()) {
      fault(node, pointer, "A condition's name has lower-case letters, digits and inner hyphens");
    } else if (name != null && RESERVED.contains(name)) {
      fault(node, pointer, "The service itself answers the condition " + name);
    }
    return name;
  }

  private @Nullable Severity severity(Node node, String pointer) {
    var spelled = text(node, pointer);
    if (spelled == null) {
      return null;
    }
    return switch (spelled) {
      case "blocking" -> Severity.BLOCKING;
      case "advisory" -> Severity.ADVISORY;
      default -> {
        fault(node, pointer, "A severity is blocking or advisory");
        yield null;
      }
    };
  }

  private @Nullable Expression expression(Node node, String pointer) {
    var source = text(node, pointer);
    if (source == null) {
      return null;
    }
    var start = node.getStartMark();
    var style = ((ScalarNode) node).getScalarStyle();
    boolean block = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
    boolean quoted = style == ScalarStyle.SINGLE_QUOTED || style == ScalarStyle.DOUBLE_QUOTED;
    return new Expression(
        source,
        start.getLine() + (block ? 2 : 1),
        block ? 1 : start.getColumn() + (quoted ? 2 : 1),
        pointer);
  }

  /** A number that an {@code at most} or {@code at least} names must be one. */
  private @Nullable String demand(Node node, String pointer) {
    var demand = text(node, pointer);
    if (demand != null) {
      try {
        var unused = Demand.parse(demand);
      } catch (IllegalArgumentException e) {
        fault(node, pointer, String.valueOf(e.getMessage()));
      }
    }
    return demand;
  }

  private @Nullable Approvals approvals(Node node, String pointer) {
    var fields = fields(node, pointer, Set.of("total"), Set.of("byRole", "validFor"));
    var total = required(fields, "total", pointer, this::count);
    var byRole = optional(fields, "byRole", pointer, this::byRole);
    var validFor = optional(fields, "validFor", pointer, this::duration);
    if (total == null) {
      return null;
    }
    var roles = byRole == null ? Map.<String, Integer>of() : byRole;
    for (var role : roles.entrySet()) {
      if (role.getValue() > total) {
        fault(
            node, pointer + "/byRole/" + role.getKey(), "More than the total of " + total + " are");
      }
    }
    return new Approvals(total, roles, validFor == null ? REQUEST_VALIDITY : validFor);
  }

  private Map<String, Integer> byRole(Node node, String pointer) {
    var counts = new TreeMap<String, Integer>();
    fields(node, pointer, Set.of(), APPROVERS)
        .forEach(
            (role, value) -> {
              var count = count(value, pointer + "/" + role);
              if (count != null) {
                counts.put(role, count);
              }
            });
    return counts;
  }

  private @Nullable Integer count(Node node, String pointer) {
    var spelled = text(node, pointer);
    if (spelled == null || !spelled.matches("[1-9]\\d?")) {
      fault(node, pointer, "A count from 1 to 99 is expected");
      return null;
    }
    return Integer.valueOf(spelled);
  }

  private @Nullable Duration duration(Node node, String pointer) {
    var spelled = text(node, pointer);
    var matcher = DURATION.matcher(spelled == null ? "" : spelled.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      fault(node, pointer, "A time is written as '90 days' or '24 hours'");
      return null;
    }
    int amount = Integer.parseInt(matcher.group(1));
    return "day".equals(matcher.group(2)) ? Duration.ofDays(amount) : Duration.ofHours(amount);
  }

  private @Nullable String text(Node node, String pointer) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue().strip();
    }
    fault(node, pointer, "A text is expected");
    return null;
  }

  private Map<String, Node> fields(
      Node node, String pointer, Set<String> required, Set<String> optional) {
    var fields = new LinkedHashMap<String, Node>();
    if (!(node instanceof MappingNode mapping)) {
      fault(node, pointer, "An object is expected");
      return fields;
    }
    for (var entry : mapping.getValue()) {
      var key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (!required.contains(key) && !optional.contains(key)) {
        fault(entry.getKeyNode(), pointer + "/" + key, "Unknown key '" + key + "'");
      } else if (fields.put(key, entry.getValueNode()) != null) {
        fault(entry.getKeyNode(), pointer + "/" + key, "The key '" + key + "' is repeated");
      }
    }
    for (var key : required) {
      if (!fields.containsKey(key)) {
        fault(node, pointer + "/" + key, "'" + key + "' is missing");
      }
    }
    return fields;
  }

  private static <T extends @Nullable Object> @Nullable T required(
      Map<String, Node> fields, String key, String pointer, BiFunction<Node, String, T> reading) {
    return optional(fields, key, pointer, reading);
  }

  private static <T extends @Nullable Object> @Nullable T optional(
      Map<String, Node> fields, String key, String pointer, BiFunction<Node, String, T> reading) {
    var node = fields.get(key);
    return node == null ? null : reading.apply(node, pointer + "/" + key);
  }

  private void fault(Node node, String pointer, String detail) {
    faults.add(fault(pointer, node.getStartMark(), detail));
  }

  private static DocumentFault fault(String pointer, @Nullable Mark mark, String detail) {
    return mark == null
        ? new DocumentFault(pointer, 1, 1, detail)
        : new DocumentFault(pointer, mark.getLine() + 1, mark.getColumn() + 1, detail);
  }
}
