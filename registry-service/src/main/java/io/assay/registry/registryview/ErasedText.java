package io.assay.registry.registryview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.contracts.Erasable;
import io.assay.contracts.Event;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** Takes the text of an event out of the card that began with it. */
final class ErasedText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ErasedText() {}

  /** The row without name and text; ids, numbers and what happened later stay. */
  static CardRow of(CardRow row) {
    try {
      var card = (ObjectNode) JSON.readTree(row.content());
      for (var part : Cards.type(row.kind()).getRecordComponents()) {
        if (Event.class.isAssignableFrom(part.getType())
            && card.get(part.getName()) instanceof ObjectNode event) {
          event.remove(erasable(part.getType()));
        }
      }
      return row.withText(null, JSON.writeValueAsString(card));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A card is JSON", e);
    }
  }

  private static List<String> erasable(Class<?> event) {
    return Arrays.stream(event.getRecordComponents())
        .filter(component -> component.isAnnotationPresent(Erasable.class))
        .map(RecordComponent::getName)
        .toList();
  }
}
