package io.assay.platform.sample;

import io.assay.platform.identity.Invocation;
import io.assay.platform.identity.RefusalRecorder;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

@Singleton
public class SampleRefusals implements RefusalRecorder {

  public final List<String> recorded = new CopyOnWriteArrayList<>();

  @Override
  public void accessRefused(Invocation invocation, String route, List<String> anyOf) {
    recorded.add(route + ' ' + anyOf);
  }

  @Override
  public void accessRefused(Invocation invocation, String route, String rule) {
    recorded.add(route + ' ' + rule);
  }
}
