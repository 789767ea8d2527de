package dev.loci.errors;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.loci.v1.ItemError;
import java.util.ArrayList;
import java.util.List;

/** A chunk of an import holds bad items; nothing of the chunk was written. */
public final class BadItemsException extends InvalidArgumentException {
    private static final long serialVersionUID = 1L;

    BadItemsException(Failure failure) {
        super(failure);
    }

    /**
     * The bad items. Thrown by an import, the index is the place among all items, from 0; {@link #from} gives the error of a
     * status.
     */
    public List<ItemError> items() {
        List<ItemError> found = new ArrayList<>();
        for (Any detail : details()) {
            if (detail.is(ItemError.class)) {
                try {
                    found.add(detail.unpack(ItemError.class));
                } catch (InvalidProtocolBufferException damaged) {
                    continue;
                }
            }
        }
        return found;
    }
}
