package io.assay.registry.fairness;

import io.assay.contracts.VersionEvent.GroupCounts;

/** The rates of one group of people. */
public record Confusion(String group, long tp, long fp, long fn, long tn) {

  public static Confusion of(GroupCounts counts) {
    return new Confusion(
        counts.group(),
        counts.truePositives(),
        counts.falsePositives(),
        counts.falseNegatives(),
        counts.trueNegatives());
  }

  public long size() {
    return tp + fp + fn + tn;
  }

  public Proportion selectionRate() {
    return new Proportion(tp + fp, size());
  }

  public Proportion truePositiveRate() {
    return new Proportion(tp, tp + fn);
  }

  public Proportion falsePositiveRate() {
    return new Proportion(fp, fp + tn);
  }

  public Proportion trueNegativeRate() {
    return new Proportion(tn, fp + tn);
  }

  public Proportion falseNegativeRate() {
    return new Proportion(fn, tp + fn);
  }

  public Proportion positivePredictiveValue() {
    return new Proportion(tp, tp + fp);
  }

  public Proportion negativePredictiveValue() {
    return new Proportion(tn, tn + fn);
  }

  public Proportion accuracy() {
    return new Proportion(tp + tn, size());
  }
}
