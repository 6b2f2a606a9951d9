package io.assay.contracts;

/** How much harm a use can do, by the EU AI Act's four levels. */
public enum RiskTier {
  MINIMAL,
  LIMITED,
  HIGH,
  UNACCEPTABLE
}
