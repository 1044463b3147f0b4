package org.focaldistill.report;

import java.awt.Dimension;
import java.awt.geom.Rectangle2D;
import java.io.StringWriter;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.apache.batik.svggen.SVGIDGenerator;
import org.jfree.chart.ChartRenderingInfo;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** A drawn {@link Chart} as an SVG element, which a page can scale. */
final class SvgPicture {
    private static final String SVG = "http://www.w3.org/2000/svg";

    private final Element root;

    private SvgPicture(Element root) {
        this.root = root;
    }

    /**
     * Draws a chart.
     *
     * @param prefix what its parts' names begin with; unique in a page
     * @param info is given where the chart's parts are
     */
    static SvgPicture of(Chart chart, String prefix, ChartRenderingInfo info) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setComment(null);
        context.setIDGenerator(new SVGIDGenerator() {
            @Override
            public String generateID(String part) {
                return prefix + "-" + super.generateID(part);
            }
        });
        SVGGraphics2D graphics = new SVGGraphics2D(context, false);
        graphics.setSVGCanvasSize(new Dimension(chart.width(), chart.height()));
        chart.chart().draw(graphics, new Rectangle2D.Double(0, 0, chart.width(), chart.height()), info);
        Element root = graphics.getRoot();
        root.setAttribute("viewBox", "0 0 " + chart.width() + " " + chart.height());
        removeSharedDefinitions(root);
        return new SvgPicture(root);
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Java has no XML parser of its own", e);
        }
    }

    /** Where they are empty: they are of the same name in all pictures of a page. */
    private static void removeSharedDefinitions(Element root) {
        for (Node child = root.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element
                    && element.getAttribute("id").equals("genericDefs")
                    && !element.hasChildNodes()) {
                root.removeChild(child);
                return;
            }
        }
    }

    /** Names the picture for who does not see it, {@code words} where there are some. */
    void describe(String title, String words) {
        root.setAttribute("role", "img");
        Node first = root.getFirstChild();
        root.insertBefore(text("title", title), first);
        if (!words.isEmpty()) {
            root.insertBefore(text("desc", words), first);
        }
    }

    /** Adds an area of class {@code tip}, not to be seen, that says something when it is pointed at. */
    void tip(Rectangle2D at, String words) {
        Element area = root.getOwnerDocument().createElementNS(SVG, "rect");
        area.setAttribute("class", "tip");
        area.setAttribute("x", tenths(at.getX()));
        area.setAttribute("y", tenths(at.getY()));
        area.setAttribute("width", tenths(at.getWidth()));
        area.setAttribute("height", tenths(at.getHeight()));
        area.setAttribute("fill", "#fff");
        area.setAttribute("fill-opacity", "0");
        area.appendChild(text("title", words));
        root.appendChild(area);
    }

    private static String tenths(double pixels) {
        return String.format(Locale.ROOT, "%.1f", pixels);
    }

    private Element text(String element, String words) {
        Element made = root.getOwnerDocument().createElementNS(SVG, element);
        made.setTextContent(words);
        return made;
    }

    /** The element. */
    @Override
    public String toString() {
        try {
            Transformer writer = TransformerFactory.newDefaultInstance().newTransformer();
            writer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
            StringWriter text = new StringWriter();
            writer.transform(new DOMSource(root), new StreamResult(text));
            return text.toString();
        } catch (TransformerException e) {
            throw new IllegalStateException("An SVG picture can not be written as text", e);
        }
    }
}
