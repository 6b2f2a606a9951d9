package io.assay.policy.conditions;

import static dev.cel.common.CelFunctionDecl.newFunctionDeclaration;
import static dev.cel.common.CelOverloadDecl.newGlobalOverload;
import static dev.cel.common.CelOverloadDecl.newMemberOverload;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.assay.policy.conditions.PolicyDocument.Expression;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * CEL with the inputs of a condition. All of them are typed, so that a slip is a fault of the draft
 * and not of a promotion.
 *
 * <pre>
 * bias.metric(attribute, name).estimate() .lower() .upper() .denominator()
 * bias.metric(attribute, name, group)     a metric of one group against its reference
 * bias.age(attribute)                     duration since the newest one was measured
 * evaluation.metric(name)  evaluation.age()
 * artifacts.complete()  run.finished()  data.validated()
 * model.riskTier()  model.kind()
 * ratio('0.05')  ratio('4/5')  days(90)   and comparisons, + and - of ratios, all exact
 * </pre>
 */
final class ConditionLanguage {

  /** A comprehension over evidence is short; anything longer is a mistake or an attack. */
  private static final int MAX_ITERATIONS = 10_000;

  private static final int MAX_EXPRESSION = 4_096;

  private static final OpaqueType RATIO = OpaqueType.create("ratio");
  private static final OpaqueType METRIC = OpaqueType.create("metric");
  private static final OpaqueType BIAS = OpaqueType.create("bias");
  private static final OpaqueType EVALUATION = OpaqueType.create("evaluation");
  private static final OpaqueType ARTIFACTS = OpaqueType.create("artifacts");
  private static final OpaqueType RUN = OpaqueType.create("run");
  private static final OpaqueType DATA = OpaqueType.create("data");
  private static final OpaqueType MODEL = OpaqueType.create("model");

  /** The bias metrics there are; another name is a slip that would never find evidence. */
  static final Set<String> BIAS_METRICS =
      new TreeSet<>(
          Set.of(
              "selection-rate-ratio",
              "demographic-parity-difference",
              "demographic-parity-ratio",
              "equalized-odds-difference",
              "equalized-odds-mean-difference",
              "equalized-odds-ratio",
              "equal-opportunity-difference",
              "predictive-parity-difference",
              "average-absolute-odds-difference",
              "disparate-impact",
              "impact-ratio"));

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .comprehensionMaxIterations(MAX_ITERATIONS)
          .maxExpressionCodePointSize(MAX_EXPRESSION)
          .build();

  private static final CelCompiler COMPILER =
      CelCompilerFactory.standardCelCompilerBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addVar("bias", BIAS)
          .addVar("evaluation", EVALUATION)
          .addVar("artifacts", ARTIFACTS)
          .addVar("run", RUN)
          .addVar("data", DATA)
          .addVar("model", MODEL)
          .addFunctionDeclarations(functions())
          .build();

  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .addFunctionBindings(bindings())
          .build();

  private ConditionLanguage() {}

  /** A checked expression, ready to be evaluated by many threads. */
  record Compiled(Expression expression, CelRuntime.Program program) {

    /** The value; throws {@link EvidenceLackingException} where it depends on what is not there. */
    Object value(Inputs inputs) throws CelEvaluationException {
      try {
        return program.eval(inputs.variables());
      } catch (CelEvaluationException e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
          if (cause instanceof EvidenceLackingException lacking) {
            throw lacking;
          }
        }
        throw e;
      }
    }
  }

  /**
   * Compiles an expression and adds what is wrong with it to the faults.
   *
   * @param result the type it must have; null for any that can be shown
   */
  static @Nullable Compiled compile(
      Expression expression, @Nullable CelType result, List<DocumentFault> faults) {
    var validated = COMPILER.compile(expression.source());
    try {
      var ast = validated.getAst();
      var found = new ArrayList<DocumentFault>();
      if (result != null && !ast.getResultType().equals(result)) {
        found.add(
            fault(expression, 1, 0, "A " + result.name() + " is expected, not " + spelled(ast)));
      }
      if (result == null && !showable(ast.getResultType())) {
        found.add(fault(expression, 1, 0, "A value is expected, not " + spelled(ast)));
      }
      checkLiterals(expression, ast, found);
      faults.addAll(found);
      return found.isEmpty() ? new Compiled(expression, RUNTIME.createProgram(ast)) : null;
    } catch (CelValidationException e) {
      for (var error : e.getErrors()) {
        var location = error.getSourceLocation();
        faults.add(fault(expression, location.getLine(), location.getColumn(), error.getMessage()));
      }
      return null;
    } catch (CelEvaluationException e) {
      faults.add(fault(expression, 1, 0, String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** What type checking cannot see: the text of a ratio, and the name of a bias metric. */
  private static void checkLiterals(
      Expression expression, CelAbstractSyntaxTree ast, List<DocumentFault> faults) {
    CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .map(node -> node.expr())
        .filter(expr -> expr.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL)
        .forEach(
            expr -> {
              var call = expr.call();
              if (call.function().equals("ratio")) {
                literal(call.args().getFirst())
                    .ifPresent(text -> checkRatio(expression, ast, expr, text, faults));
              }
              if (call.function().equals("metric") && call.args().size() >= 2) {
                literal(call.args().get(1))
                    .filter(name -> !BIAS_METRICS.contains(name))
                    .ifPresent(
                        name ->
                            faults.add(
                                at(
                                    expression,
                                    ast,
                                    expr,
                                    "'"
                                        + name
                                        + "' is no bias metric; there are "
                                        + BIAS_METRICS)));
              }
            });
  }

  private static void checkRatio(
      Expression expression,
      CelAbstractSyntaxTree ast,
      CelExpr expr,
      String text,
      List<DocumentFault> faults) {
    try {
      var unused = Ratio.parse(text);
    } catch (IllegalArgumentException e) {
      faults.add(at(expression, ast, expr, String.valueOf(e.getMessage())));
    }
  }

  private static java.util.Optional<String> literal(CelExpr expr) {
    return expr.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
            && expr.constant().getKind() == dev.cel.common.ast.CelConstant.Kind.STRING_VALUE
        ? java.util.Optional.of(expr.constant().stringValue())
        : java.util.Optional.empty();
  }

  private static DocumentFault at(
      Expression expression, CelAbstractSyntaxTree ast, CelExpr expr, String detail) {
    return ast.getSource()
        .getOffsetLocation(ast.getSource().getPositionsMap().getOrDefault(expr.id(), 0))
        .map(location -> fault(expression, location.getLine(), location.getColumn(), detail))
        .orElseGet(() -> fault(expression, 1, 0, detail));
  }

  /** A place within an expression as a place within its document. */
  private static DocumentFault fault(Expression expression, int line, int column, String detail) {
    return new DocumentFault(
        expression.pointer(),
        expression.line() + line - 1,
        line <= 1 ? expression.column() + column : column + 1,
        detail);
  }

  private static boolean showable(CelType type) {
    return type.equals(RATIO)
        || type.equals(SimpleType.BOOL)
        || type.equals(SimpleType.INT)
        || type.equals(SimpleType.STRING)
        || type.equals(SimpleType.DURATION);
  }

  private static String spelled(CelAbstractSyntaxTree ast) {
    return ast.getResultType().name();
  }

  private static List<CelFunctionDecl> functions() {
    var text = SimpleType.STRING;
    return List.of(
        newFunctionDeclaration("ratio", newGlobalOverload("ratio_string", RATIO, text)),
        newFunctionDeclaration(
            "days", newGlobalOverload("days_int", SimpleType.DURATION, SimpleType.INT)),
        newFunctionDeclaration(
            "metric",
            newMemberOverload("bias_metric", METRIC, BIAS, text, text),
            newMemberOverload("bias_metric_group", METRIC, BIAS, text, text, text),
            newMemberOverload("evaluation_metric", RATIO, EVALUATION, text)),
        newFunctionDeclaration(
            "age",
            newMemberOverload("bias_age", SimpleType.DURATION, BIAS, text),
            newMemberOverload("evaluation_age", SimpleType.DURATION, EVALUATION)),
        newFunctionDeclaration("estimate", newMemberOverload("metric_estimate", RATIO, METRIC)),
        newFunctionDeclaration("lower", newMemberOverload("metric_lower", RATIO, METRIC)),
        newFunctionDeclaration("upper", newMemberOverload("metric_upper", RATIO, METRIC)),
        newFunctionDeclaration(
            "denominator", newMemberOverload("metric_denominator", SimpleType.INT, METRIC)),
        newFunctionDeclaration(
            "complete", newMemberOverload("artifacts_complete", SimpleType.BOOL, ARTIFACTS)),
        newFunctionDeclaration("finished", newMemberOverload("run_finished", SimpleType.BOOL, RUN)),
        newFunctionDeclaration(
            "validated", newMemberOverload("data_validated", SimpleType.BOOL, DATA)),
        newFunctionDeclaration(
            "riskTier", newMemberOverload("model_risk_tier", SimpleType.STRING, MODEL)),
        newFunctionDeclaration("kind", newMemberOverload("model_kind", SimpleType.STRING, MODEL)),
        comparison("_<_", "ratio_less_ratio"),
        comparison("_<=_", "ratio_less_equals_ratio"),
        comparison("_>_", "ratio_greater_ratio"),
        comparison("_>=_", "ratio_greater_equals_ratio"),
        newFunctionDeclaration("_+_", newGlobalOverload("ratio_plus_ratio", RATIO, RATIO, RATIO)),
        newFunctionDeclaration("_-_", newGlobalOverload("ratio_minus_ratio", RATIO, RATIO, RATIO)));
  }

  private static CelFunctionDecl comparison(String operator, String overload) {
    return newFunctionDeclaration(
        operator, newGlobalOverload(overload, SimpleType.BOOL, RATIO, RATIO));
  }

  private static List<CelFunctionBinding> bindings() {
    return List.of(
        CelFunctionBinding.from("ratio_string", String.class, Ratio::parse),
        CelFunctionBinding.from("days_int", Long.class, Duration::ofDays),
        CelFunctionBinding.from(
            "bias_metric",
            List.of(Inputs.Bias.class, String.class, String.class),
            args -> ((Inputs.Bias) args[0]).metric((String) args[1], (String) args[2], null)),
        CelFunctionBinding.from(
            "bias_metric_group",
            List.of(Inputs.Bias.class, String.class, String.class, String.class),
            args ->
                ((Inputs.Bias) args[0])
                    .metric((String) args[1], (String) args[2], (String) args[3])),
        CelFunctionBinding.from(
            "evaluation_metric", Inputs.Evaluation.class, String.class, Inputs.Evaluation::metric),
        CelFunctionBinding.from("bias_age", Inputs.Bias.class, String.class, Inputs.Bias::age),
        CelFunctionBinding.from("evaluation_age", Inputs.Evaluation.class, Inputs.Evaluation::age),
        CelFunctionBinding.from("metric_estimate", Inputs.Metric.class, Inputs.Metric::estimate),
        CelFunctionBinding.from("metric_lower", Inputs.Metric.class, Inputs.Metric::lower),
        CelFunctionBinding.from("metric_upper", Inputs.Metric.class, Inputs.Metric::upper),
        CelFunctionBinding.from(
            "metric_denominator", Inputs.Metric.class, Inputs.Metric::denominator),
        CelFunctionBinding.from(
            "artifacts_complete", Inputs.Artifacts.class, Inputs.Artifacts::complete),
        CelFunctionBinding.from("run_finished", Inputs.Run.class, Inputs.Run::finished),
        CelFunctionBinding.from("data_validated", Inputs.Data.class, Inputs.Data::validated),
        CelFunctionBinding.from("model_risk_tier", Inputs.Model.class, Inputs.Model::riskTier),
        CelFunctionBinding.from("model_kind", Inputs.Model.class, Inputs.Model::kind),
        CelFunctionBinding.from(
            "ratio_less_ratio", Ratio.class, Ratio.class, (a, b) -> a.compareTo(b) < 0),
        CelFunctionBinding.from(
            "ratio_less_equals_ratio", Ratio.class, Ratio.class, (a, b) -> a.compareTo(b) <= 0),
        CelFunctionBinding.from(
            "ratio_greater_ratio", Ratio.class, Ratio.class, (a, b) -> a.compareTo(b) > 0),
        CelFunctionBinding.from(
            "ratio_greater_equals_ratio", Ratio.class, Ratio.class, (a, b) -> a.compareTo(b) >= 0),
        CelFunctionBinding.from("ratio_plus_ratio", Ratio.class, Ratio.class, Ratio::plus),
        CelFunctionBinding.from("ratio_minus_ratio", Ratio.class, Ratio.class, Ratio::minus));
  }
}
