import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.util.function.Consumer;

/** Makes a method call something first, and return its result unless that is null. */
record AskFirst(Consumer<CodeBuilder> ask) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
        Label own = code.newLabel();
        ask.accept(code);
        code.dup().ifnull(own).areturn().labelBinding(own).pop();
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        code.with(element);
    }
}
