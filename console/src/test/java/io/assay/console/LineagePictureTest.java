package io.assay.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.client.lineage.model.LineageEdge;
import io.assay.client.lineage.model.LineageGraph;
import io.assay.client.lineage.model.LineageNode;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LineagePictureTest {

  @Test
  void whatCameFirstStandsFurtherLeft() {
    var picture = LineagePicture.of(graph("dataset run version deployment", "0>1 1>2 2>3 0>2"));
    assertThat(picture.boxes())
        .extracting(LineagePicture.Box::x)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(picture.lines()).hasSize(4);
  }

  @Test
  void boxesOfOneLayerDoNotLieUponEachOther() {
    var picture = LineagePicture.of(graph("dataset run run run", "0>1 0>2 0>3"));
    assertThat(picture.boxes().stream().map(box -> box.x() + ":" + box.y()))
        .doesNotHaveDuplicates();
    assertThat(picture.boxes())
        .allSatisfy(box -> assertThat(box.y() + 54).isLessThanOrEqualTo(picture.height()));
  }

  @Test
  void aCircleIsDrawnAndDoesNotHang() {
    assertThat(LineagePicture.of(graph("run version", "0>1 1>0")).boxes()).hasSize(2);
  }

  @Test
  void aLongNameIsCutWithinItsBoxAndKeptInItsTitle() {
    var name = "a".repeat(200);
    var node = new LineageNode("model:x", "model", "x", name, 0L, OffsetDateTime.MIN);
    var picture =
        LineagePicture.of(new LineageGraph("model:x", List.of(node), List.of(), false, 1L));
    assertThat(picture.boxes().getFirst().label()).hasSize(22).endsWith("…");
    assertThat(picture.boxes().getFirst().title()).isEqualTo("model: " + name);
  }

  @Test
  void ofManyAlikeThoseThatMostCameOfAreDrawnAndTheOthersCounted() {
    var kinds = "model" + " version".repeat(400) + " deployment";
    var edges =
        IntStream.rangeClosed(1, 400).mapToObj(i -> "0>" + i).collect(Collectors.joining(" "))
            + " 1>401";
    var picture = LineagePicture.of(graph(kinds, edges));
    assertThat(picture.boxes()).hasSize(2 + LineagePicture.MOST_ALIKE);
    assertThat(picture.boxes()).extracting(LineagePicture.Box::href).contains("/console/models/0");
    assertThat(picture.boxes())
        .extracting(LineagePicture.Box::href)
        .as("what is deployed, and the newest")
        .contains("/console/lineage?node=version:1", "/console/deployments/401")
        .contains("/console/lineage?node=version:400")
        .doesNotContain("/console/lineage?node=version:2");
    assertThat(picture.undrawn()).isEqualTo(Map.of("version", 400L - LineagePicture.MOST_ALIKE));
  }

  @Test
  void ofAGreatGraphTheNearestAreDrawn() {
    var kinds = IntStream.range(0, 200).mapToObj(i -> "k" + i).collect(Collectors.joining(" "));
    var edges =
        IntStream.range(1, 200).mapToObj(i -> (i - 1) + ">" + i).collect(Collectors.joining(" "));
    var picture = LineagePicture.of(graph(kinds, edges));
    assertThat(picture.boxes()).hasSize(LineagePicture.MOST);
    assertThat(picture.boxes().getLast().title()).startsWith("k" + (LineagePicture.MOST - 1));
  }

  @Test
  void noLineRunsThroughABoxThatItDoesNotJoin() {
    var picture =
        LineagePicture.of(graph("dataset run run version deployment", "0>1 1>2 2>3 0>3 3>4 0>4"));
    for (var line : picture.lines()) {
      var points =
          Stream.of(line.path().substring(1).split("L"))
              .map(point -> Stream.of(point.split(" ")).mapToInt(Integer::parseInt).toArray())
              .toList();
      assertThat(points)
          .allSatisfy(
              point ->
                  assertThat(picture.boxes())
                      .noneMatch(
                          box ->
                              point[0] > box.x()
                                  && point[0] < box.x() + 208
                                  && point[1] > box.y()
                                  && point[1] < box.y() + 54));
    }
  }

  private static LineageGraph graph(String kinds, String edges) {
    var names = kinds.split(" ");
    var nodes =
        IntStream.range(0, names.length)
            .mapToObj(
                i ->
                    new LineageNode(
                        names[i] + ":" + i,
                        names[i],
                        "" + i,
                        names[i],
                        (long) i,
                        OffsetDateTime.MIN))
            .toList();
    var joined =
        Stream.of(edges.split(" "))
            .map(edge -> Arrays.stream(edge.split(">")).mapToInt(Integer::parseInt).toArray())
            .map(
                ends ->
                    new LineageEdge(
                        nodes.get(ends[0]).getKey(), nodes.get(ends[1]).getKey(), "to", 0L))
            .toList();
    return new LineageGraph(nodes.getFirst().getKey(), nodes, joined, false, 1L);
  }
}
